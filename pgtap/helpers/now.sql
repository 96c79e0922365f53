-- The tests' clock: where tests.freeze_time() stopped it, else the transaction's own time.
create or replace function tests.now()
returns timestamptz
language sql stable security invoker
set search_path = pg_catalog, pg_temp
as $$
    select coalesce(nullif(current_setting('tests.now', true), '')::timestamptz, now());
$$;
