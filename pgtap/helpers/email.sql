-- An address nobody else has: test files run side by side, and a shared one would make them wait for each other.
create or replace function tests.email(p_name text)
returns text
language sql volatile security invoker
set search_path = pg_catalog, pg_temp
as $$
    select lower(regexp_replace(p_name, '[^A-Za-z0-9]+', '-', 'g')) || '.' || replace(gen_random_uuid()::text, '-', '')
           || '@example.test';
$$;
