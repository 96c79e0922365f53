-- Every function's body, read by the tools that know: plpgsql_check, and Postgres itself for language sql.
begin;
set local search_path = pg_catalog, extensions, pg_temp;
select plan(6);

select tests.rule_holds('sql_functions_are_valid');
select tests.rule_catches('sql_functions_are_valid',
    $$ set local check_function_bodies = off;
       create function private.planted() returns bigint language sql as 'select count(*) from public.no_such_table' $$,
    'private.planted()');

select not exists (select from pg_extension where extname = 'plpgsql_check') as missing \gset
\if :missing
select skip('plpgsql_check is not installed: its lint did not run', 4);
\else
select tests.rule_holds('plpgsql_is_clean');
select tests.rule_catches('plpgsql_is_clean',
    $$ create function private.planted() returns void language plpgsql as
           $f$ declare v_unused integer; begin end $f$ $$,
    'private.planted()');
select tests.rule_catches('plpgsql_is_clean',
    $$ create function private.planted() returns trigger language plpgsql as
           $f$ begin new.no_such_column := 1; return new; end $f$;
       create table private.planted (id integer);
       create trigger planted before insert on private.planted for each row execute function private.planted() $$,
    'private.planted()');
select tests.rule_catches('plpgsql_is_clean',
    $$ create function private.planted(p_name text) returns void language plpgsql as
           $f$ begin execute 'drop table ' || p_name; end $f$ $$,
    'private.planted(text)');
\endif

select * from finish();
rollback;
