-- Stops the tests' clock for this transaction. Rules that depend on the time take it as p_now: pass tests.now().
create or replace function tests.freeze_time(p_now timestamptz)
returns timestamptz
language plpgsql volatile security invoker
set search_path = pg_catalog, pg_temp
as $$
begin
    perform set_config('tests.now', p_now::text, true);
    return p_now;
end
$$;
