-- Alone: it plants a trigger on a table that every sign-up writes to.
begin;
set local search_path = pg_catalog, extensions, pg_temp;
select plan(10);

select tests.org() as org \gset
select tests.admin(:'org') as admin, tests.user(:'org', 'user') as member \gset

create function pg_temp.refuse() returns trigger language plpgsql as $$ begin raise exception 'no wallets today'; end $$;
create trigger planted before insert on public.credit_wallets for each row execute function pg_temp.refuse();
select tests.sign_up('stranded@clinic.test') as stranded \gset

select is(
    (select r.problem from public.repair_org_membership() r where r.user_id = :'stranded'),
    'no_organization: no wallets today', 'what cannot be mended says why');
drop trigger planted on public.credit_wallets;

update public.org_invitations set accepted_by = null where accepted_by = :'member';
delete from public.profiles where id = :'member';
update auth.users set raw_app_meta_data = '{}' where id = :'member';

select tests.as_service();
select results_eq(
    format('select user_id, problem from public.repair_org_membership() where user_id in (%L, %L, %L) order by problem', :'admin', :'member', :'stranded'),
    format('values (%L::uuid, %L), (%L::uuid, %L)', :'stranded', 'no_organization', :'member', 'no_profile'),
    'each account that lacks something is named, and no other');
select is_empty(
    format('select from public.repair_org_membership() where user_id in (%L, %L, %L)', :'admin', :'member', :'stranded'),
    'there is nothing left to mend');
select tests.as_owner();
select results_eq(
    format('select org_id, role, status from public.profiles where id = %L', :'member'),
    format('values (%L::uuid, %L, %L)', :'org', 'user', 'active'),
    'a missing profile is back in its organisation');
select is((select raw_app_meta_data ->> 'org_id' from auth.users where id = :'member'), :'org', 'with its claim');
select is((select role from public.profiles where id = :'stranded'), 'admin', 'who had no organisation has one');
select is(
    (select count(*) from public.services s join public.profiles p on p.org_id = s.org_id where p.id = :'stranded'),
    7::bigint, 'whole');
select is(
    (select count(*) from private.emails where recipient = 'stranded@clinic.test' and template = 'welcome'),
    1::bigint, 'and is welcomed');
select is(
    (select count(*) from public.security_audit_log where user_id in (:'member', :'stranded') and kind = 'membership_repaired'),
    2::bigint, 'what was mended is on record');
select tests.as_user(:'admin');
select throws_ok('select * from public.repair_org_membership()', '42501', null, 'it is the operator''s');

select * from finish();
rollback;
