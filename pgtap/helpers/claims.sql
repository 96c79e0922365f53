-- The claims that this user's token would carry, made from the same columns as a real one.
--
-- The organisation comes from raw_app_meta_data, not from the profile: a test that moves a profile sees what a
-- caller with an older token sees. p_more is laid over the top.
create or replace function tests.claims(p_user uuid, p_more jsonb default '{}')
returns jsonb
language sql stable security definer
set search_path = pg_catalog, pg_temp
as $$
    select jsonb_build_object(
        'aud', 'authenticated',
        'role', 'authenticated',
        'sub', u.id,
        'email', u.email,
        'app_metadata', coalesce(u.raw_app_meta_data, '{}'),
        'user_metadata', coalesce(u.raw_user_meta_data, '{}'),
        'iat', extract(epoch from now())::bigint,
        'exp', extract(epoch from now() + interval '1 hour')::bigint
    ) || p_more
    from auth.users u
    where u.id = p_user;
$$;
