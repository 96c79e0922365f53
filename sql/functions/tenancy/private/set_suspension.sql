-- The work of public.suspend_organization() and public.resume_organization(), remembered in the security audit.
--
-- Raises 403 not_allowed, 404 organization_not_found.
create or replace function private.set_suspension(p_function text, p_org_id uuid, p_suspended boolean, p_reason text)
returns public.organizations
language plpgsql volatile security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    v_organization public.organizations;
begin
    perform private.authorize(p_function);
    update public.organizations o
    set suspended_at = case when p_suspended then coalesce(o.suspended_at, now()) end, updated_at = now()
    where o.id = p_org_id
    returning o.* into v_organization;
    if not found then
        perform private.fail('organization_not_found');
    end if;

    perform private.record_security_event(
        case when p_suspended then 'organization_suspended' else 'organization_resumed' end,
        p_org_id, null, jsonb_strip_nulls(jsonb_build_object('reason', p_reason)));
    return v_organization;
end
$$;

revoke execute on function private.set_suspension(text, uuid, boolean, text) from public, anon, authenticated, service_role;
grant execute on function private.set_suspension(text, uuid, boolean, text) to service_role;
