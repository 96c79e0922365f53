-- The work of public.confirm_forwarding_config(). The first time counts.
--
-- Locks: the forwarding.
--
-- Raises 404 forwarding_config_not_found, 409 forwarding_ended, and what private.authorize() raises.
create or replace function private.confirm_forwarding_config(p_forwarding_config_id uuid, p_now timestamptz default now())
returns public.forwarding_answer
language plpgsql volatile security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    v_caller constant private.caller := private.authorize('public.confirm_forwarding_config');
    v_config public.hybrid_forwarding_configs := private.held_forwarding(v_caller.org_id, p_forwarding_config_id);
begin
    update public.hybrid_forwarding_configs f set
        status = 'active', user_confirmed_setup = true, confirmed_at = coalesce(f.confirmed_at, p_now), updated_at = p_now
    where f.org_id = v_caller.org_id and f.id = v_config.id
    returning f.* into v_config;
    return (true, private.forwarding_config(v_config))::public.forwarding_answer;
end
$$;

revoke execute on function private.confirm_forwarding_config(uuid, timestamptz) from public, anon, authenticated, service_role;
grant execute on function private.confirm_forwarding_config(uuid, timestamptz) to authenticated;
