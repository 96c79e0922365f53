-- What the server needs to answer a sign-in or a refresh: the claims to sign, the refresh token, the user.
--
-- The claims are read back from the account at this moment, so the first token after a sign-up already carries the
-- organisation that the trigger on auth.users made, and a refresh sees a changed one. NULL unless the session is the
-- user's.
create or replace function private.sign_in_answer(
    p_user_id uuid, p_session_id uuid, p_refresh_token text, p_now timestamptz default now()
)
returns jsonb
language sql stable security definer
set search_path = pg_catalog, pg_temp
as $$
    select jsonb_build_object(
        'claims', jsonb_build_object(
            'sub', u.id,
            'aud', 'authenticated',
            'role', 'authenticated',
            'email', u.email,
            'phone', coalesce(u.phone, ''),
            'app_metadata', u.raw_app_meta_data,
            'user_metadata', u.raw_user_meta_data,
            'session_id', s.id,
            'aal', 'aal1',
            'amr', jsonb_build_array(jsonb_build_object(
                'method', 'password', 'timestamp', floor(extract(epoch from s.created_at))::bigint)),
            'is_anonymous', false,
            'iat', floor(extract(epoch from p_now))::bigint,
            'exp', floor(extract(epoch from p_now))::bigint + 3600),
        'expires_in', 3600,
        'refresh_token', p_refresh_token,
        'user', private.sign_in_user(u.id))
    from auth.users u
    join private.auth_sessions s on s.user_id = u.id
    where u.id = p_user_id and s.id = p_session_id;
$$;

revoke execute on function private.sign_in_answer(uuid, uuid, text, timestamptz)
    from public, anon, authenticated, service_role;
