-- Makes an API key of an organisation with these scopes. Returns its id, for tests.as_api_key().
create or replace function tests.api_key(p_org uuid, p_scopes text[])
returns uuid
language plpgsql volatile security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    v_id constant uuid := gen_random_uuid();
begin
    insert into public.api_keys (org_id, id, name, prefix, scopes)
    values (p_org, v_id, 'A test''s key', left(replace(v_id::text, '-', ''), 12), p_scopes);
    insert into private.api_key_secrets (org_id, api_key_id, key_hash)
    values (p_org, v_id, sha256(convert_to(v_id::text, 'UTF8')));
    return v_id;
end
$$;
