-- What is known of who calls, for the assistant that answers: the name, what the last three calls were about, and the next
-- appointment. NULL for somebody who has never called or booked.
--
-- In plpgsql, which keeps the plan: somebody is on the line.
create or replace function private.caller_context(p_org_id uuid, p_contact_id uuid, p_now timestamptz)
returns jsonb
language plpgsql stable security definer
set search_path = pg_catalog, pg_temp
as $$
begin
    return (
        select nullif(jsonb_strip_nulls(jsonb_build_object(
            'caller_name', nullif(concat_ws(' ', k.first_name, k.last_name), ''),
            'last_calls', (
                select string_agg(
                    to_char(l.created_at at time zone private.zone_of(p_org_id), 'YYYY-MM-DD') || ': ' || left(l.summary, 500),
                    E'\n' order by l.created_at desc, l.id)
                from (
                    select c.id, c.created_at, coalesce(c.summary, c.outcome) as summary
                    from public.calls c
                    where c.org_id = p_org_id and c.contact_id = p_contact_id and coalesce(c.summary, c.outcome) is not null
                    order by c.created_at desc, c.id
                    limit 3
                ) as l),
            'next_appointment', (
                select to_char(a.scheduled_at at time zone private.zone_of(p_org_id), 'FMDay FMDD FMMonth YYYY, HH24:MI')
                       || coalesce(', ' || s.name, '')
                from public.appointments a
                left join public.services s on s.org_id = a.org_id and s.id = a.service_id
                where a.org_id = p_org_id and a.contact_id = p_contact_id and a.scheduled_at > p_now
                  and a.status in ('scheduled', 'confirmed')
                order by a.scheduled_at, a.id
                limit 1))), '{}')
        from public.contacts k
        where k.org_id = p_org_id and k.id = p_contact_id);
end
$$;

revoke execute on function private.caller_context(uuid, uuid, timestamptz)
    from public, anon, authenticated, service_role;
