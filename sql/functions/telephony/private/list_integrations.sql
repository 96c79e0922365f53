-- The work of public.list_integrations(): telephony first, then each calendar there is.
--
-- Raises what private.authorize() raises.
create or replace function private.list_integrations()
returns setof public.integration_state
language plpgsql stable security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    v_caller constant private.caller := private.authorize('public.list_integrations');
begin
    return next private.twilio_integration(v_caller.org_id);
    return query
        select p.provider, coalesce(i.status, 'disconnected'), i.account_label, null::text, i.connected_at,
               coalesce(i.status = 'connected', false), i.last_checked_at, i.last_error
        from private.oauth_providers p
        left join public.integrations i on i.org_id = v_caller.org_id and i.provider = p.provider
        order by p.provider;
end
$$;

revoke execute on function private.list_integrations() from public, anon, authenticated, service_role;
grant execute on function private.list_integrations() to authenticated;
