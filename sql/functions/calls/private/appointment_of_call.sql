-- The appointment that came of a call: the one that is linked to it, or one that its contact was given while it lasted. One
-- that stands goes before one that was cancelled. NULL when there is none.
create or replace function private.appointment_of_call(p_call public.calls)
returns public.appointments
language sql stable security definer
set search_path = pg_catalog, pg_temp
as $$
    select a.*
    from public.appointments a
    where a.org_id = p_call.org_id
      and (a.id = p_call.appointment_id or a.call_id = p_call.id
           or (a.contact_id = p_call.contact_id and a.call_id is null
               and a.created_at between p_call.started_at and p_call.ended_at + interval '1 minute'))
    order by a.status <> 'cancelled' desc, a.id = p_call.appointment_id desc nulls last,
             a.call_id = p_call.id desc nulls last, a.created_at desc, a.id
    limit 1;
$$;

revoke execute on function private.appointment_of_call(public.calls) from public, anon, authenticated, service_role;
