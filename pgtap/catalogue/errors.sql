-- The error registry against the functions that raise from it.
begin;
set local search_path = pg_catalog, extensions, pg_temp;
select plan(9);

select tests.rule_holds('error_codes_are_registered');
select tests.rule_catches('error_codes_are_registered',
    $$ create function private.planted() returns void language plpgsql as
           $f$ begin perform private.fail('planted_code'); end $f$ $$,
    'private.planted()');

select tests.rule_holds('registry_codes_are_used');
select tests.rule_catches('registry_codes_are_used',
    $$ insert into private.error_registry (code, status, sentence) values ('planted_code', 404, 'Nothing is here.') $$,
    'planted_code');

select tests.rule_holds('errors_come_from_the_registry');
select tests.rule_catches('errors_come_from_the_registry',
    $$ create function private.planted() returns void language plpgsql as
           $f$ begin raise exception 'Something is amiss.'; end $f$ $$,
    'private.planted()');

select tests.rule_holds('headers_name_their_errors');
select tests.rule_catches('headers_name_their_errors',
    $$ insert into private.sql_versions (path, release, content)
       values ('functions/planted.sql', '0.0.0', '-- Does what it does.' || E'\n'
               || 'create or replace function private.planted() … private.fail(''not_found'') …') $$,
    'functions/planted.sql');
select tests.rule_catches('headers_name_their_errors',
    $$ insert into private.sql_versions (path, release, content)
       values ('functions/planted.sql', '0.0.0', '-- Raises 409 not_found.' || E'\n'
               || 'create or replace function private.planted() … private.fail(''not_found'') …') $$,
    'functions/planted.sql');

select * from finish();
rollback;
