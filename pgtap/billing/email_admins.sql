begin;
set local search_path = pg_catalog, extensions, pg_temp;
select plan(4);

select tests.org('Smile') as org, tests.org('Grin') as other \gset
select tests.admin(:'org') as first, tests.user(:'org', 'admin') as second, tests.user(:'org', 'admin') as gone, tests.user(:'org', 'manager') as manager \gset
update public.profiles set status = 'inactive' where id = :'gone';
select private.email_admins(:'org', 'recharge_turned_off', '{}', 'k');
select results_eq(
    format($$ select p.id from private.emails e join public.profiles p on p.email = e.recipient where e.org_id = %L and e.template = 'recharge_turned_off' order by 1 $$, :'org'),
    format($$ select x from unnest(array[%L, %L]::uuid[]) x order by 1 $$, :'first', :'second'), 'every active admin is written to, nobody else');
select private.email_admins(:'org', 'recharge_turned_off', '{}', 'k');
select is(count(*), 2::bigint, 'once for a key') from private.emails where org_id = :'org' and template = 'recharge_turned_off';
select is(count(*), 2::bigint, 'by the organisation''s name') from private.emails where org_id = :'org' and template = 'recharge_turned_off' and text like '%of Smile was declined%';
select is(count(*), 0::bigint, 'of that organisation') from private.emails where org_id = :'other' and template = 'recharge_turned_off';

select * from finish();
rollback;
