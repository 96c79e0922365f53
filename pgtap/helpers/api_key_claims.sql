-- The claims the server sets for a request that came with this API key.
create or replace function tests.api_key_claims(p_api_key uuid)
returns jsonb
language sql stable security definer
set search_path = pg_catalog, pg_temp
as $$
    select jsonb_build_object(
        'role', 'authenticated',
        'app_metadata', jsonb_build_object('org_id', k.org_id),
        'api_key_id', k.id)
    from public.api_keys k
    where k.id = p_api_key;
$$;
