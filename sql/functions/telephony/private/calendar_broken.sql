-- A calendar's token was revoked or ran out: whoever finds it dead says so here, and the admins are written to once.
--
-- Once, because a credential breaks once: a new consent is another credential.
--
-- Locks: the credential, the integration.
create or replace function private.calendar_broken(p_org_id uuid, p_credential_id uuid, p_now timestamptz)
returns void
language plpgsql volatile security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    v_credential private.org_credentials;
    v_name text;
begin
    update private.org_credentials c set is_active = false, updated_at = p_now
    where c.org_id = p_org_id and c.id = p_credential_id and c.is_active
    returning c.* into v_credential;
    if not found then
        return;
    end if;

    select p.name into strict v_name from private.oauth_providers p where p.provider = v_credential.provider;
    perform private.note_integration(
        p_org_id, v_credential.provider, 'error', v_credential.connected_email,
        format('%s no longer lets us in: access was withdrawn or has run out. Please connect it again.', v_name), p_now);
    perform private.email_admins(
        p_org_id, 'calendar_broken', jsonb_build_object('calendar', v_name, 'account', v_credential.connected_email),
        'calendar_broken:' || p_credential_id);
end
$$;

revoke execute on function private.calendar_broken(uuid, uuid, timestamptz) from public, anon, authenticated, service_role;
