-- Has a calendar's token revoked at its provider, once our own row of it is gone or replaced.
--
-- Not where the same account is connected still, here or in another organisation: Google ends an account's consent as a
-- whole, and theirs would go with ours. Not a token that is dead already.
--
-- The token stays sealed as it was, so it opens with the associated data of type default: SQL has no key to seal it anew.
-- Who rotates keys keeps the old one until these effects are done; the last try is minutes after the first.
create or replace function private.give_back_token(p_credential private.org_credentials, p_now timestamptz)
returns void
language plpgsql volatile security definer
set search_path = pg_catalog, pg_temp
as $$
begin
    if p_credential.id is null or not p_credential.is_active or exists (
        select from private.org_credentials c
        where c.provider = p_credential.provider and lower(c.connected_email) = lower(p_credential.connected_email)
          and c.is_active) then
        return;
    end if;
    perform private.enqueue_effect(
        p_org_id => p_credential.org_id,
        p_kind => 'oauth.revoke',
        p_payload => jsonb_build_object(
            'org_id', p_credential.org_id, 'provider', p_credential.provider, 'type', p_credential.type,
            'sealed', translate(encode(p_credential.encrypted_config, 'base64'), E'\n', ''),
            'key_version', p_credential.key_version),
        p_queue_key => format('oauth.revoke:%s:%s', p_credential.org_id, p_credential.provider),
        p_run_at => p_now);
end
$$;

revoke execute on function private.give_back_token(private.org_credentials, timestamptz)
    from public, anon, authenticated, service_role;
