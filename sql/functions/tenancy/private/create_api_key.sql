-- The work of public.create_api_key(). The key is `vxk_<prefix>_<secret>`: the prefix leads to the organisation, the secret
-- has 192 random bits, so a plain SHA-256 of the whole is enough to keep.
--
-- Raises 409 too_many_api_keys, 422 unknown_scope, 422 invalid_value, and what private.authorize() raises.
create or replace function private.create_api_key(
    p_name text, p_scopes text[], p_expires_at timestamptz default null, p_now timestamptz default now())
returns public.created_api_key
language plpgsql volatile security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    c_most_keys constant integer := 100;
    v_caller constant private.caller := private.authorize('public.create_api_key');
    v_scopes constant text[] := array(select distinct s from unnest(p_scopes) as s order by s);
    v_prefix constant text := encode(extensions.gen_random_bytes(6), 'hex');
    v_key constant text := 'vxk_' || v_prefix || '_' || encode(extensions.gen_random_bytes(24), 'hex');
    v_field text;
    v_unknown text;
    v_api_key public.api_keys;
begin
    v_field := case
        when private.label(p_name) is null or length(p_name) > 100 then 'name'
        when cardinality(v_scopes) = 0 then 'scopes'
        when p_expires_at <= p_now or p_expires_at = 'infinity' then 'expires_at'
    end;
    if v_field is not null then
        perform private.fail('invalid_value', jsonb_build_object('field', v_field));
    end if;
    select s.scope into v_unknown
    from unnest(v_scopes) as s (scope)
    where s.scope is null or not exists (select from private.grant_matrix g where g.scope = s.scope)
    order by s.scope
    limit 1;
    if found then
        perform private.fail('unknown_scope', jsonb_build_object('scope', v_unknown));
    end if;
    if (select count(*) from public.api_keys k where k.org_id = v_caller.org_id and k.revoked_at is null) >= c_most_keys then
        perform private.fail('too_many_api_keys');
    end if;

    insert into public.api_keys as k (org_id, name, prefix, scopes, created_by, expires_at, created_at)
    values (v_caller.org_id, private.label(p_name), v_prefix, v_scopes, v_caller.user_id, p_expires_at, p_now)
    returning k.* into v_api_key;
    insert into private.api_key_secrets (org_id, api_key_id, key_hash)
    values (v_caller.org_id, v_api_key.id, sha256(convert_to(v_key, 'UTF8')));
    insert into private.directory (kind, key, org_id) values ('api_key', v_prefix, v_caller.org_id);

    return (v_key, v_api_key)::public.created_api_key;
end
$$;

revoke execute on function private.create_api_key(text, text[], timestamptz, timestamptz)
    from public, anon, authenticated, service_role;
grant execute on function private.create_api_key(text, text[], timestamptz, timestamptz) to authenticated;
