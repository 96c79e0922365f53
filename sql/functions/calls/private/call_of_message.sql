-- The call a message is about, begun when this is the first of it; nobody's has no id.
--
-- Locks: nothing for a call that is known; the wallet for one that is begun.
create or replace function private.call_of_message(p_message jsonb, p_now timestamptz)
returns public.calls
language plpgsql volatile security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    v_org_id constant uuid := private.org_of_message(p_message);
    v_call public.calls;
begin
    select * into v_call
    from public.calls c
    where c.org_id = v_org_id and c.vapi_call_id = private.vapi_call_id(p_message);
    if v_call.id is null and v_org_id is not null then
        v_call := private.begin_call(v_org_id, p_message, p_now);
    end if;
    return v_call;
end
$$;

revoke execute on function private.call_of_message(jsonb, timestamptz) from public, anon, authenticated, service_role;
