-- Checks that the session an access token was made for is still open; a token without one (made by the operator) passes.
--
-- Raises 404 sign_in_elsewhere, 403 user_not_found, 403 session_not_found.
create or replace function private.sign_in_check_session(
    p_user_id uuid, p_session_id uuid, p_now timestamptz default now()
)
returns void
language plpgsql stable security definer
set search_path = pg_catalog, pg_temp
as $$
begin
    if not private.sign_in_is_local() then
        perform private.fail('sign_in_elsewhere');
    end if;
    if not exists (select from auth.users u where u.id = p_user_id and u.deleted_at is null) then
        perform private.fail('user_not_found');
    end if;
    if p_session_id is not null and not exists (
        select from private.auth_sessions s
        where s.id = p_session_id and s.user_id = p_user_id and s.revoked_at is null and s.ends_at > p_now)
    then
        perform private.fail('session_not_found');
    end if;
end
$$;

revoke execute on function private.sign_in_check_session(uuid, uuid, timestamptz)
    from public, anon, authenticated, service_role;
