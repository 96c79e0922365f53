-- Changes a refresh token for the next one of its family and a new access token.
--
-- A token is good once. Coming back within 10 seconds it is a second tab that asked at the same time: it is given the
-- same successor, which the HMAC under the session's key makes again from the token in hand. Coming back later it was
-- stolen, or its successor was: the whole session is revoked, and that is committed. Locks: the session row.
--
-- Raises 404 sign_in_elsewhere, 400 validation_failed. Refuses with 400 refresh_token_not_found, 400
-- refresh_token_already_used, 400 session_expired, 403 user_banned.
create or replace function private.refresh_session(
    p_refresh_token text,
    p_ip inet default null,
    p_user_agent text default null,
    p_now timestamptz default now()
)
returns jsonb
language plpgsql volatile security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    v_presented private.refresh_tokens;
    v_current private.refresh_tokens;
    v_session private.auth_sessions;
    v_user auth.users;
    v_token text := p_refresh_token;
begin
    if not private.sign_in_is_local() then
        perform private.fail('sign_in_elsewhere');
    end if;
    if coalesce(p_refresh_token, '') = '' then
        perform private.fail('validation_failed');
    end if;

    select s.* into v_session
    from private.auth_sessions s
    join private.refresh_tokens t on t.session_id = s.id
    where t.token_hash = sha256(convert_to(p_refresh_token, 'UTF8'))
    for update of s;
    if not found then
        return private.refuse('refresh_token_not_found');
    end if;
    select * into v_user from auth.users u where u.id = v_session.user_id and u.deleted_at is null;
    if not found then
        return private.refuse('refresh_token_not_found');
    end if;
    if v_session.revoked_because = 'token_reused' then
        return private.refuse('refresh_token_already_used');
    end if;
    if v_session.revoked_at is not null then
        return private.refuse('refresh_token_not_found');
    end if;
    if v_session.ends_at <= p_now then
        return private.refuse('session_expired');
    end if;
    if v_user.banned_until > p_now then
        return private.refuse('user_banned');
    end if;

    select * into v_presented
    from private.refresh_tokens t where t.token_hash = sha256(convert_to(p_refresh_token, 'UTF8'));
    if v_presented.rotated_at < p_now - interval '10 seconds' then
        update private.auth_sessions set revoked_at = p_now, revoked_because = 'token_reused' where id = v_session.id;
        perform private.record_security_event(
            'refresh_token_reused', private.sign_in_org(v_user.id), v_user.id,
            jsonb_build_object('session_id', v_session.id), p_ip);
        return private.refuse('refresh_token_already_used');
    end if;

    if v_presented.rotated_at is null then
        v_token := private.sign_in_token_text(
            extensions.hmac(convert_to(p_refresh_token, 'UTF8'), v_session.successor_key, 'sha256'));
        update private.refresh_tokens set rotated_at = p_now where token_hash = v_presented.token_hash;
        insert into private.refresh_tokens (token_hash, session_id, created_at)
        values (sha256(convert_to(v_token, 'UTF8')), v_session.id, p_now);
        update private.auth_sessions
        set refreshed_at = p_now, ends_at = p_now + interval '30 days',
            ip = coalesce(p_ip, ip), user_agent = coalesce(left(p_user_agent, 500), user_agent)
        where id = v_session.id;
    else
        -- The successors are made again until the one that nobody has used yet.
        loop
            v_token := private.sign_in_token_text(
                extensions.hmac(convert_to(v_token, 'UTF8'), v_session.successor_key, 'sha256'));
            select * into strict v_current
            from private.refresh_tokens t where t.token_hash = sha256(convert_to(v_token, 'UTF8'));
            exit when v_current.rotated_at is null;
        end loop;
    end if;

    return private.sign_in_answer(v_user.id, v_session.id, v_token, p_now);
end
$$;

revoke execute on function private.refresh_session(text, inet, text, timestamptz)
    from public, anon, authenticated, service_role;
grant execute on function private.refresh_session(text, inet, text, timestamptz) to service_role;
