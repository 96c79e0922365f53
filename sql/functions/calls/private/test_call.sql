-- The work of public.test_call().
--
-- Raises 404 agent_not_found, and what private.place_call() and private.authorize() raise.
create or replace function private.test_call(p_agent_id uuid, p_phone_number text, p_now timestamptz default now())
returns jsonb
language plpgsql volatile security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    v_caller constant private.caller := private.authorize('public.test_call');
begin
    if not exists (
        select from public.agents a where a.org_id = v_caller.org_id and a.id = p_agent_id and a.deleted_at is null
    ) then
        perform private.fail('agent_not_found');
    end if;
    return private.place_call(
        v_caller.org_id, (select c.id from public.contacts c where c.org_id = v_caller.org_id and c.phone = p_phone_number),
        p_agent_id, p_phone_number, 'test', v_caller.user_id, p_now);
end
$$;

revoke execute on function private.test_call(uuid, text, timestamptz) from public, anon, authenticated, service_role;
grant execute on function private.test_call(uuid, text, timestamptz) to authenticated;
