-- Who may touch what: tables, columns, sequences and functions, against what the design and the grant matrix say.
begin;
set local search_path = pg_catalog, extensions, pg_temp;
select plan(18);

select tests.rule_holds('clients_cannot_write');
select tests.rule_catches('clients_cannot_write',
    $$ create table public.planted (org_id uuid primary key);
       grant truncate on public.planted to service_role $$,
    'public.planted');
select tests.rule_catches('clients_cannot_write',
    $$ create table public.planted (org_id uuid primary key, name text);
       grant update (name) on public.planted to authenticated $$,
    'public.planted(name)');
select tests.rule_catches('clients_cannot_write',
    $$ create sequence public.planted; grant usage on sequence public.planted to public $$,
    'public.planted');

select tests.rule_holds('anon_has_no_table');
select tests.rule_catches('anon_has_no_table',
    $$ create table public.planted (org_id uuid primary key, name text);
       grant select (name) on public.planted to anon $$,
    'public.planted');

select tests.rule_holds('grants_follow_matrix');
select tests.rule_catches('grants_follow_matrix',
    $$ create function private.planted() returns void language sql as '';
       grant execute on function private.planted() to public $$,
    'private.planted()');
select tests.rule_catches('grants_follow_matrix',
    $$ create function public.planted() returns void language sql as '';
       grant execute on function public.planted() to service_role;
       insert into private.grant_matrix (function, anon, authenticated, service_role)
       values ('public.planted', false, true, true) $$,
    'public.planted()');
select tests.rule_catches('grants_follow_matrix',
    $$ insert into private.grant_matrix (function, anon, authenticated, service_role)
       values ('public.planted', false, false, true) $$,
    'public.planted');

select tests.rule_holds('org_id_is_no_argument_for_clients');
select tests.rule_catches('org_id_is_no_argument_for_clients',
    $$ create function public.planted(p_org_id uuid) returns void language sql as '';
       grant execute on function public.planted(uuid) to authenticated $$,
    'public.planted(uuid)');

select tests.rule_holds('public_functions_are_invokers');
select tests.rule_catches('public_functions_are_invokers',
    $$ create function public.planted() returns void language sql security definer as '' $$,
    'public.planted()');

select tests.rule_holds('public_functions_authorize');
select tests.rule_catches('public_functions_authorize',
    $$ create function public.planted() returns void language plpgsql as
           $f$ begin perform private.authorize('public.auth_org_id'); end $f$;
       grant execute on function public.planted() to authenticated $$,
    'public.planted()');

select tests.rule_holds('client_definers_authorize');
select tests.rule_catches('client_definers_authorize',
    $$ create function private.planted() returns void language sql security definer as '';
       grant execute on function private.planted() to anon $$,
    'private.planted()');

select * from finish();
rollback;
