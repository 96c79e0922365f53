-- The user behind a verified access token, while its session is open.
--
-- Raises 404 sign_in_elsewhere, 403 user_not_found, 403 session_not_found.
create or replace function private.signed_in_user(
    p_user_id uuid, p_session_id uuid default null, p_now timestamptz default now()
)
returns jsonb
language plpgsql stable security definer
set search_path = pg_catalog, pg_temp
as $$
begin
    perform private.sign_in_check_session(p_user_id, p_session_id, p_now);

    return private.sign_in_user(p_user_id);
end
$$;

revoke execute on function private.signed_in_user(uuid, uuid, timestamptz)
    from public, anon, authenticated, service_role;
grant execute on function private.signed_in_user(uuid, uuid, timestamptz) to service_role;
