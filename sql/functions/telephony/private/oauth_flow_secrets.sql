-- What the exchange of a code needs, sealed, in base64: nothing once it has been exchanged, or while no code came.
create or replace function private.oauth_flow_secrets(p_org_id uuid, p_flow_id uuid)
returns table (provider text, sealed_verifier text, sealed_code text, key_version integer)
language sql stable security definer
set search_path = pg_catalog, pg_temp
as $$
    select f.provider, translate(encode(f.encrypted_verifier, 'base64'), E'\n', ''),
           translate(encode(f.encrypted_code, 'base64'), E'\n', ''), f.key_version
    from private.oauth_flows f
    where f.org_id = p_org_id and f.id = p_flow_id and f.encrypted_code is not null;
$$;

revoke execute on function private.oauth_flow_secrets(uuid, uuid) from public, anon, authenticated, service_role;
grant execute on function private.oauth_flow_secrets(uuid, uuid) to service_role;
