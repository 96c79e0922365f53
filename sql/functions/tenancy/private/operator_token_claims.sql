-- The claims of an access token for somebody who has an account, for the operator at the command line.
--
-- Such a token belongs to no session, so signing out does not end it; it lives as long as it was signed for.
--
-- Raises 403 user_not_found.
create or replace function private.operator_token_claims(p_email text)
returns jsonb
language plpgsql stable security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    v_user auth.users;
begin
    select * into v_user from auth.users u where lower(u.email) = lower(btrim(p_email)) and u.deleted_at is null;
    if not found then
        perform private.fail('user_not_found');
    end if;

    return jsonb_build_object(
        'sub', v_user.id,
        'role', 'authenticated',
        'email', v_user.email,
        'phone', coalesce(v_user.phone, ''),
        'app_metadata', v_user.raw_app_meta_data,
        'user_metadata', v_user.raw_user_meta_data,
        'aal', 'aal1',
        'is_anonymous', false);
end
$$;

revoke execute on function private.operator_token_claims(text) from public, anon, authenticated, service_role;
grant execute on function private.operator_token_claims(text) to service_role;
