-- The work of public.get_forwarding_config().
--
-- Raises 404 caller_id_not_found, and what private.authorize() raises.
create or replace function private.get_forwarding_config(p_verified_caller_id uuid)
returns public.forwarding_answer
language plpgsql stable security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    v_caller constant private.caller := private.authorize('public.get_forwarding_config');
    v_config public.hybrid_forwarding_configs;
begin
    if not exists (select from public.verified_caller_ids c where c.org_id = v_caller.org_id and c.id = p_verified_caller_id) then
        perform private.fail('caller_id_not_found');
    end if;
    select * into v_config from public.hybrid_forwarding_configs f
    where f.org_id = v_caller.org_id and f.verified_caller_id = p_verified_caller_id;
    return (true, case when found then private.forwarding_config(v_config) end)::public.forwarding_answer;
end
$$;

revoke execute on function private.get_forwarding_config(uuid) from public, anon, authenticated, service_role;
grant execute on function private.get_forwarding_config(uuid) to authenticated;
