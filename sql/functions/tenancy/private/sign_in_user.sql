-- A user as Supabase Auth shows one, for supabase-js.
create or replace function private.sign_in_user(p_user_id uuid)
returns jsonb
language sql stable security definer
set search_path = pg_catalog, pg_temp
as $$
    select jsonb_build_object(
        'id', u.id,
        'aud', u.aud,
        'role', u.role,
        'email', u.email,
        'email_confirmed_at', u.email_confirmed_at,
        'confirmed_at', u.email_confirmed_at,
        'phone', coalesce(u.phone, ''),
        'last_sign_in_at', u.last_sign_in_at,
        'app_metadata', u.raw_app_meta_data,
        'user_metadata', u.raw_user_meta_data,
        'identities', jsonb_build_array(jsonb_build_object(
            'identity_id', u.id,
            'id', u.id,
            'user_id', u.id,
            'identity_data', jsonb_build_object(
                'sub', u.id, 'email', u.email, 'email_verified', false, 'phone_verified', false),
            'provider', 'email',
            'email', u.email,
            'last_sign_in_at', u.last_sign_in_at,
            'created_at', u.created_at,
            'updated_at', u.updated_at)),
        'created_at', u.created_at,
        'updated_at', u.updated_at,
        'is_anonymous', false)
    from auth.users u
    where u.id = p_user_id;
$$;

revoke execute on function private.sign_in_user(uuid) from public, anon, authenticated, service_role;
