-- What Vapi is told of a call that was ordered, as it stands when it is told; NULL when it shall not be placed any more: it was
-- given up, or whoever was to be called asked meanwhile not to be, or nobody waits for it after so long. Nothing of this lies
-- in an effect, which is kept longer than it is needed.
create or replace function private.call_wish(
    p_org_id uuid, p_call_id uuid, p_purpose text, p_now timestamptz default now()
)
returns jsonb
language sql stable security definer
set search_path = pg_catalog, pg_temp
as $$
    select jsonb_strip_nulls(jsonb_build_object(
        'vapi_phone_id', l.vapi_phone_id,
        'account', to_jsonb(l.account),
        'from', l.number,
        'to', c.to_number,
        'name', left(c.caller_name, 40),
        'max_duration_seconds', r.max_duration_seconds,
        'variable_values', private.call_variables(c, a, p_now)))
    from public.calls c
    join public.agents a on a.org_id = c.org_id and a.id = c.agent_id
    join public.credit_reservations r on r.org_id = c.org_id and r.call_id = c.id
    cross join lateral private.calling_line(c.org_id, a, p_purpose) as l
    where c.org_id = p_org_id and c.id = p_call_id and c.status = 'pending' and c.vapi_call_id is null
      and c.created_at > p_now - interval '5 minutes' and r.cap_released_at is null and r.end_requested_at is null
      and l.number = c.from_number
      and not exists (select from public.contacts k where k.org_id = c.org_id and k.phone = c.to_number and k.do_not_call);
$$;

revoke execute on function private.call_wish(uuid, uuid, text, timestamptz) from public, anon, authenticated, service_role;
grant execute on function private.call_wish(uuid, uuid, text, timestamptz) to service_role;
