-- Changes the signed-in user's own password, user_metadata, or both.
--
-- Metadata is merged key by key and a key set to null is removed. A new password ends every other session of the user. The
-- email is what the account is known by to the organisation, and there is nothing here that could confirm a new one, so it
-- does not change this way. Locks: the user row, then its sessions.
--
-- Raises 404 sign_in_elsewhere, 403 user_not_found, 403 session_not_found, 422 weak_password, 422 same_password, 422
-- user_metadata_invalid, 422 email_change_unavailable.
create or replace function private.update_signed_in_user(
    p_user_id uuid,
    p_session_id uuid default null,
    p_password text default null,
    p_data jsonb default null,
    p_email text default null,
    p_ip inet default null,
    p_now timestamptz default now()
)
returns jsonb
language plpgsql volatile security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    v_user auth.users;
    v_metadata jsonb;
    v_hash text;
begin
    perform private.sign_in_check_session(p_user_id, p_session_id, p_now);
    select * into v_user from auth.users u where u.id = p_user_id for update;
    if p_email is not null and private.sign_in_email(p_email) is distinct from lower(v_user.email) then
        perform private.fail('email_change_unavailable');
    end if;
    perform private.sign_in_check_metadata(p_data);
    v_metadata := v_user.raw_user_meta_data || coalesce(p_data, '{}');
    v_metadata := v_metadata - array(select k.key from jsonb_each(v_metadata) as k where k.value = 'null');
    perform private.sign_in_check_metadata(v_metadata);

    if p_password is not null then
        if extensions.crypt(p_password, v_user.encrypted_password) = v_user.encrypted_password then
            perform private.fail('same_password');
        end if;
        v_hash := private.sign_in_password_hash(p_password);
        update private.auth_sessions
        set revoked_at = p_now, revoked_because = 'password_changed'
        where user_id = p_user_id and revoked_at is null and id is distinct from p_session_id;
        perform private.record_security_event(
            'password_changed', private.sign_in_org(p_user_id), p_user_id, '{}', p_ip);
    end if;

    update auth.users
    set encrypted_password = coalesce(v_hash, encrypted_password), raw_user_meta_data = v_metadata, updated_at = p_now
    where id = p_user_id;
    return private.sign_in_user(p_user_id);
end
$$;

revoke execute on function private.update_signed_in_user(uuid, uuid, text, jsonb, text, inet, timestamptz)
    from public, anon, authenticated, service_role;
grant execute on function private.update_signed_in_user(uuid, uuid, text, jsonb, text, inet, timestamptz) to service_role;
