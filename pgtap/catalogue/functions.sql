-- How functions, views and extensions are made.
begin;
set local search_path = pg_catalog, extensions, pg_temp;
select plan(13);

select tests.rule_holds('functions_pin_search_path');
select tests.rule_catches('functions_pin_search_path',
    $$ create function private.planted() returns void language sql set search_path = public as '' $$,
    'private.planted()');

select tests.rule_holds('invokers_filter_leakproof');
select tests.rule_catches('invokers_filter_leakproof',
    $$ create function public.planted() returns bigint language sql as
           $f$ select count(*) from public.services s where s.name ilike '%clean%' $f$ $$,
    'public.planted()');
select tests.rule_catches('invokers_filter_leakproof',
    $$ create function public.planted() returns bigint language sql
       return (select count(*) from public.services s where s.keywords @> '{clean}') $$,
    'public.planted()');

select tests.rule_holds('definers_pass_rls');
select tests.rule_catches('definers_pass_rls',
    $$ create role planted;
       grant create on schema private to planted;
       create function private.planted() returns void language sql security definer as '';
       grant planted to current_user;
       alter function private.planted() owner to planted $$,
    'private.planted()');

select tests.rule_holds('views_are_security_invoker');
select tests.rule_catches('views_are_security_invoker', 'create view public.planted as select 1 as one', 'public.planted');

select tests.rule_holds('extensions_are_not_exposed');
select tests.rule_catches('extensions_are_not_exposed', 'create extension citext with schema public', 'citext');

select tests.rule_holds('writes_say_which_rows');
select tests.rule_catches('writes_say_which_rows',
    $$ create function private.planted() returns void language plpgsql as
           $f$ begin delete from private.event_horizon; end $f$ $$,
    'private.planted()');

select * from finish();
rollback;
