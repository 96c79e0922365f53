-- Whether an id is of the organisation whose call this is: itself, the call, or something in its books.
create or replace function private.is_own_record(p_call public.calls, p_id uuid)
returns boolean
language sql stable security definer
set search_path = pg_catalog, pg_temp
as $$
    select p_id in (p_call.org_id, p_call.id)
        or p_id::text = lower(p_call.vapi_call_id)
        or exists (select from public.contacts t where t.org_id = p_call.org_id and t.id = p_id)
        or exists (select from public.appointments t where t.org_id = p_call.org_id and t.id = p_id)
        or exists (select from public.services t where t.org_id = p_call.org_id and t.id = p_id)
        or exists (select from public.practitioners t where t.org_id = p_call.org_id and t.id = p_id)
        or exists (select from public.agents t where t.org_id = p_call.org_id and (t.id = p_id or t.vapi_assistant_id = p_id::text))
        or exists (select from public.messages t where t.org_id = p_call.org_id and t.id = p_id);
$$;

revoke execute on function private.is_own_record(public.calls, uuid) from public, anon, authenticated, service_role;
