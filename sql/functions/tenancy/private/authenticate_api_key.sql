-- The claims an API key stands for, or NULL when it opens nothing: unknown, wrong, expired or revoked.
--
-- p_hash is SHA-256 of the whole key. Its use is noted at most once a minute, and once a day in the security audit; a key
-- that exists and does not open is noted there at most once a minute too, so that nobody can fill the disk with it. A busy row
-- is somebody else noting the same.
create or replace function private.authenticate_api_key(
    p_prefix text, p_hash bytea, p_ip inet default null, p_now timestamptz default now())
returns jsonb
language plpgsql volatile security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    v_key public.api_keys;
    v_right boolean;
begin
    select k.* into v_key
    from private.directory d
    join public.api_keys k on k.org_id = d.org_id and k.prefix = d.key
    where d.kind = 'api_key' and d.key = p_prefix;
    if not found then
        return null;
    end if;

    select s.key_hash = p_hash into v_right
    from private.api_key_secrets s
    where s.org_id = v_key.org_id and s.api_key_id = v_key.id;
    if v_right is not true or v_key.revoked_at is not null or v_key.expires_at <= p_now then
        if not exists (select from public.security_audit_log l
                       where l.org_id = v_key.org_id and l.kind = 'api_key_refused' and l.created_at > p_now - interval '1 minute') then
            perform private.record_security_event('api_key_refused', v_key.org_id, null, jsonb_build_object(
                'api_key_id', v_key.id,
                'reason', case
                    when v_right is not true then 'wrong'
                    when v_key.revoked_at is not null then 'revoked'
                    else 'expired'
                end), p_ip);
        end if;
        return null;
    end if;

    if v_key.last_used_at is null or v_key.last_used_at <= p_now - interval '1 minute' then
        update public.api_keys k
        set last_used_at = p_now
        where k.org_id = v_key.org_id
          and k.id in (select l.id from public.api_keys l
                       where l.org_id = v_key.org_id and l.id = v_key.id for no key update skip locked);
        if found and (v_key.last_used_at is null or v_key.last_used_at < date_trunc('day', p_now, 'UTC')) then
            perform private.record_security_event(
                'api_key_used', v_key.org_id, null, jsonb_build_object('api_key_id', v_key.id), p_ip);
        end if;
    end if;

    return jsonb_build_object(
        'role', 'authenticated',
        'app_metadata', jsonb_build_object('org_id', v_key.org_id),
        'api_key_id', v_key.id);
end
$$;

revoke execute on function private.authenticate_api_key(text, bytea, inet, timestamptz)
    from public, anon, authenticated, service_role;
grant execute on function private.authenticate_api_key(text, bytea, inet, timestamptz) to service_role;
