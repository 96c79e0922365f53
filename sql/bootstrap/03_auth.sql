-- The part of Supabase's `auth` schema that the product stands on, where there is no Supabase.
--
-- On Supabase the schema belongs to another role and stays untouched: everything here happens only in a schema we own.
do $$
begin
    if pg_catalog.to_regnamespace('auth') is null then
        create schema auth;
    end if;

    if not (select pg_catalog.pg_has_role(n.nspowner, 'usage') and pg_catalog.to_regrole('supabase_auth_admin') is null
            from pg_catalog.pg_namespace n where n.nspname = 'auth') then
        return;
    end if;

    create table if not exists auth.users (
        id uuid primary key default pg_catalog.gen_random_uuid(),
        aud text not null default 'authenticated',
        role text not null default 'authenticated',
        email text,
        phone text,
        encrypted_password text,
        email_confirmed_at timestamptz,
        last_sign_in_at timestamptz,
        banned_until timestamptz,
        raw_app_meta_data jsonb not null default '{}',
        raw_user_meta_data jsonb not null default '{}',
        created_at timestamptz not null default now(),
        updated_at timestamptz not null default now(),
        deleted_at timestamptz
    );
    create unique index if not exists users_email_key on auth.users (pg_catalog.lower(email)) where deleted_at is null;

    create or replace function auth.jwt() returns jsonb
    language sql stable set search_path = pg_catalog, pg_temp
    as $f$ select nullif(pg_catalog.current_setting('request.jwt.claims', true), '')::jsonb $f$;

    create or replace function auth.uid() returns uuid
    language sql stable set search_path = pg_catalog, pg_temp
    as $f$ select (nullif(pg_catalog.current_setting('request.jwt.claims', true), '')::jsonb ->> 'sub')::uuid $f$;

    create or replace function auth.role() returns text
    language sql stable set search_path = pg_catalog, pg_temp
    as $f$ select nullif(pg_catalog.current_setting('request.jwt.claims', true), '')::jsonb ->> 'role' $f$;

    grant usage on schema auth to anon, authenticated, service_role;
    grant execute on function auth.jwt(), auth.uid(), auth.role() to anon, authenticated, service_role;
end
$$;
