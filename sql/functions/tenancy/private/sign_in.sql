-- Signs in with an email and a password.
--
-- An unknown email costs the same bcrypt as a known one and gives the same answer, so neither the words nor the time say
-- which it was. Wrong tries are committed with the refusal; reaching the limit is noted once, so that a flood of tries is
-- no flood of rows. A password longer than bcrypt reads is never right.
-- Locks: advisory, the email.
--
-- Raises 404 sign_in_elsewhere, 400 validation_failed. Refuses with 400 invalid_credentials, 403 user_banned,
-- 429 over_request_rate_limit.
create or replace function private.sign_in(
    p_email text,
    p_password text,
    p_ip inet default null,
    p_user_agent text default null,
    p_now timestamptz default now()
)
returns jsonb
language plpgsql volatile security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    -- The hash of a password nobody knows, at the cost every other one has.
    c_nobody constant text := '$2a$10$kV9QvHtUPyuxp1ZaTGE2reVv5iVW1uFpAqQ4pxVQ8pKkrZB1H3J5W';
    v_email constant text := left(lower(btrim(p_email, E' \t\r\n')), 254);
    v_network constant inet := private.sign_in_network(p_ip);
    v_user auth.users;
    v_right boolean;
begin
    if not private.sign_in_is_local() then
        perform private.fail('sign_in_elsewhere');
    end if;
    if coalesce(v_email, '') = '' or coalesce(p_password, '') = '' then
        perform private.fail('validation_failed');
    end if;

    if private.sign_in_limited('sign_in', v_email, v_network, p_now) then
        return private.refuse('over_request_rate_limit');
    end if;

    select * into v_user from auth.users u where lower(u.email) = v_email and u.deleted_at is null;
    v_right := extensions.crypt(p_password, coalesce(v_user.encrypted_password, c_nobody))
                   = coalesce(v_user.encrypted_password, c_nobody)
               and v_user.encrypted_password is not null
               and octet_length(p_password) <= 72;

    insert into private.sign_in_attempts (kind, email, ip, succeeded, attempted_at)
    values ('sign_in', v_email, v_network, v_right, p_now);
    if not v_right then
        perform private.record_security_event(
            'sign_in_failed', private.sign_in_org(v_user.id), v_user.id, jsonb_build_object('email', v_email), p_ip);
        if private.sign_in_limited('sign_in', v_email, v_network, p_now) then
            perform private.record_security_event(
                'sign_in_limited', private.sign_in_org(v_user.id), v_user.id, jsonb_build_object('email', v_email), p_ip);
        end if;
        return private.refuse('invalid_credentials');
    end if;
    if v_user.banned_until > p_now then
        perform private.record_security_event(
            'sign_in_banned', private.sign_in_org(v_user.id), v_user.id, '{}', p_ip);
        return private.refuse('user_banned');
    end if;

    perform private.record_security_event('sign_in', private.sign_in_org(v_user.id), v_user.id, '{}', p_ip);
    return private.sign_in_open_session(v_user.id, p_ip, p_user_agent, p_now);
end
$$;

revoke execute on function private.sign_in(text, text, inet, text, timestamptz)
    from public, anon, authenticated, service_role;
grant execute on function private.sign_in(text, text, inet, text, timestamptz) to service_role;
