-- Looks whether this request, with this Idempotency-Key, has been answered in the last 24 hours.
--
-- Used around a function call in one statement:
--     select private.idem_end(k.key, case when k.hit then k.body else f(…)::text end) from private.idem_begin(…) k
-- so the function itself runs with the caller's own rights. What is stored hangs on the caller (user or API key), the
-- organisation and the route, so another's key is another key. Locks: an advisory lock on the hash until the
-- transaction ends, taken before looking: of several at once one executes and the others find its answer. Answers are
-- stored encrypted with a second hash of the same, which is stored nowhere and travels in the opaque key.
--
-- Raises 401 not_signed_in, 400 idempotency_key_invalid, 422 idempotency_key_reused.
create or replace function private.idem_begin(
    p_key text, p_route text, p_body_hash text, p_now timestamptz default now())
returns table (key text, hit boolean, status integer, body text)
language plpgsql volatile security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    v_claims jsonb := coalesce(auth.jwt(), '{}');
    v_caller text := coalesce(
        'user ' || (v_claims ->> 'sub'),
        'key ' || (v_claims ->> 'api_key_id'),
        case when v_claims ->> 'role' = 'service_role' then 'service_role' end);
    v_request text;
    v_key bytea;
    v_cipher_key bytea;
    v_body_hash bytea := sha256(convert_to(p_body_hash, 'UTF8'));
    v_row private.idempotency_keys;
begin
    if v_caller is null then
        perform private.fail('not_signed_in');
    end if;
    if p_key is null or p_key !~ '^[\x20-\x7e]{1,255}$' then
        perform private.fail('idempotency_key_invalid');
    end if;

    v_request := jsonb_build_array(v_caller, v_claims #>> '{app_metadata,org_id}', p_route, p_key)::text;
    v_key := sha256(convert_to(v_request, 'UTF8'));
    v_cipher_key := sha256(convert_to('cipher ' || v_request, 'UTF8'));
    perform pg_advisory_xact_lock(('x' || encode(substr(v_key, 1, 8), 'hex'))::bit(64)::bigint);

    select * into v_row from private.idempotency_keys i
    where i.key = v_key
      and i.slot in (private.day_slot(p_now, 3), private.day_slot(p_now - interval '1 day', 3))
      and i.created_at > p_now - interval '24 hours';
    if v_row.body_hash <> v_body_hash then
        perform private.fail('idempotency_key_reused');
    end if;

    return query select
        encode(v_key || v_body_hash || v_cipher_key, 'hex'), v_row.key is not null, v_row.status,
        convert_from(extensions.decrypt(v_row.body, v_cipher_key, 'aes'), 'UTF8');
end
$$;

revoke execute on function private.idem_begin(text, text, text, timestamptz) from public, anon, authenticated, service_role;
grant execute on function private.idem_begin(text, text, text, timestamptz) to authenticated, service_role;
