begin;
set local search_path = pg_catalog, extensions, pg_temp;
select plan(10);

select tests.org('Smile') as org, tests.org('Other') as other \gset
select tests.user(:'org', 'manager') as member \gset
update public.profiles set full_name = 'Wendy Welcome' where id = :'member';
select email from public.profiles where id = :'member' \gset
create function pg_temp.welcomes(p_user uuid, p_org uuid) returns setof private.emails language sql as $$
    select e.* from private.emails e where e.org_id = p_org and e.idempotency_key = 'welcome:' || p_user;
$$;

select is((select count(*) from pg_temp.welcomes(:'member', :'org')), 1::bigint, 'signing up has sent one');
select private.send_welcome(:'org', :'member');
select is((select count(*) from pg_temp.welcomes(:'member', :'org')), 1::bigint, 'which is not sent again');
select is(
    (select count(*) from private.effects where payload ->> 'email_id' = (select id::text from pg_temp.welcomes(:'member', :'org'))),
    1::bigint, 'nor put on its way twice');

select lives_ok(format('select private.send_welcome(%L, %L)', :'other', :'member'), 'an organisation that they are no member of');
select is_empty(format('select pg_temp.welcomes(%L, %L)', :'member', :'other'), 'welcomes nobody');

delete from private.emails where org_id = :'org';
select private.send_welcome(:'org', :'member');
select results_eq(
    format('select recipient, template, status, text like %L, text like %L, effect_id is not null from pg_temp.welcomes(%L, %L)',
           '%Wendy Welcome%', '%Smile%', :'member', :'org'),
    format($$ values (%L, 'welcome', 'queued', true, true, true) $$, :'email'),
    'it greets them by name, and names the organisation');

delete from private.emails where org_id = :'org';
update public.profiles set full_name = null where id = :'member';
select private.send_welcome(:'org', :'member');
select ok(
    (select text like '%' || split_part(:'email', '@', 1) || '%' and text not like '%' || :'email' || '%' from pg_temp.welcomes(:'member', :'org')),
    'or by what their address begins with');

delete from private.emails where org_id = :'org';
update public.profiles set email = null where id = :'member';
select lives_ok(format('select private.send_welcome(%L, %L)', :'org', :'member'), 'without an address');
select is_empty(format('select pg_temp.welcomes(%L, %L)', :'member', :'org'), 'nothing is sent');

select private.admit_member(:'other', :'member', 'user') is not null as admitted \gset
select private.send_welcome(:'other', :'member');
select is((select count(*) from pg_temp.welcomes(:'member', :'other')), 1::bigint, 'another organisation welcomes them anew');

select * from finish();
rollback;
