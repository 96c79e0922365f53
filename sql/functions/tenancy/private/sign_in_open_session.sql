-- Opens a session for a user who has just proved who they are, with the first refresh token of its family.
--
-- A session nobody refreshes ends after 30 days. Only the token's hash is kept: the text in the answer is the only copy.
create or replace function private.sign_in_open_session(
    p_user_id uuid, p_ip inet, p_user_agent text, p_now timestamptz default now()
)
returns jsonb
language plpgsql volatile security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    v_token constant text := private.sign_in_token_text(extensions.gen_random_bytes(32));
    v_session_id uuid;
begin
    update auth.users set last_sign_in_at = p_now, updated_at = p_now where id = p_user_id;

    insert into private.auth_sessions (user_id, successor_key, ip, user_agent, created_at, refreshed_at, ends_at)
    values (p_user_id, extensions.gen_random_bytes(32), p_ip, left(p_user_agent, 500), p_now, p_now,
            p_now + interval '30 days')
    returning id into v_session_id;

    insert into private.refresh_tokens (token_hash, session_id, created_at)
    values (sha256(convert_to(v_token, 'UTF8')), v_session_id, p_now);

    return private.sign_in_answer(p_user_id, v_session_id, v_token, p_now);
end
$$;

revoke execute on function private.sign_in_open_session(uuid, inet, text, timestamptz)
    from public, anon, authenticated, service_role;
