-- The step after the effect oauth.check: the token works, or never will again. Anything else changes nothing.
--
-- Microsoft hands out a new refresh token with each use, which then takes the old one's place. Word about a credential that
-- was replaced meanwhile is word about nobody.
--
-- Locks: the credential, the integration.
create or replace function private.oauth_checked(p_effect jsonb, p_outcome text, p_result jsonb)
returns void
language plpgsql volatile security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    v_org_id constant uuid := (p_effect #>> '{payload,org_id}')::uuid;
    v_credential_id constant uuid := (p_effect #>> '{payload,credential_id}')::uuid;
    v_now constant timestamptz := (p_effect ->> 'ended_at')::timestamptz;
    v_provider text;
begin
    if p_outcome <> 'done' then
        return;
    elsif not (p_result ->> 'healthy')::boolean then
        perform private.calendar_broken(v_org_id, v_credential_id, v_now);
        return;
    end if;

    update private.org_credentials c set
        encrypted_config = coalesce(decode(p_result ->> 'sealed', 'base64'), c.encrypted_config),
        key_version = coalesce((p_result ->> 'key_version')::integer, c.key_version),
        last_verified_at = v_now, updated_at = v_now
    where c.org_id = v_org_id and c.id = v_credential_id and c.is_active
    returning c.provider into v_provider;
    update public.integrations i set last_checked_at = v_now, updated_at = v_now
    where i.org_id = v_org_id and i.provider = v_provider;
end
$$;

revoke execute on function private.oauth_checked(jsonb, text, jsonb) from public, anon, authenticated, service_role;
