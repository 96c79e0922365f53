-- Makes an auth user the way Supabase Auth does, so that the sign-up trigger does the rest. Returns the user's id.
create or replace function tests.sign_up(p_email text, p_user_meta_data jsonb default '{}')
returns uuid
language plpgsql volatile security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    v_user constant uuid := gen_random_uuid();
begin
    insert into auth.users (
        id, aud, role, email, email_confirmed_at, raw_app_meta_data, raw_user_meta_data, created_at, updated_at)
    values (
        v_user, 'authenticated', 'authenticated', p_email, now(),
        '{"provider": "email", "providers": ["email"]}', p_user_meta_data, now(), now());
    return v_user;
end
$$;
