begin;
set local search_path = pg_catalog, extensions, pg_temp;
select plan(15);

select tests.org() as org, tests.org() as other \gset
select tests.admin(:'org') as admin, tests.user(:'org', 'manager') as manager, tests.api_key(:'org', '{audit:read}') as key \gset

select tests.as_user(:'admin');
select public.update_organization(jsonb_build_object('specialty', 's' || n)) is not null as changed from generate_series(1, 5) as n \g /dev/null
select (public.list_audit_logs(null, 200)).items as everything \gset

with recursive pages as (
    select 1 as n, public.list_audit_logs(null, 3) as page
    union all
    select p.n + 1, public.list_audit_logs((p.page).next_cursor, 3) from pages p where (p.page).next_cursor is not null and p.n < 100
)
select array_agg(i.id order by p.n, i.ordinality)::text as paged, max(p.n) as pages
from pages p, unnest((p.page).items) with ordinality as i (org_id, id, actor_type, actor_id, action, table_name, row_id, before, after, created_at, ordinality) \gset
select is(
    :'paged', (select array_agg(e.id order by e.created_at desc, e.id desc)::text from public.audit_logs e),
    'page after page gives every row once, newest first');
select cmp_ok(:'pages'::int, '>', 3, 'over several pages');
select is((public.list_audit_logs(null, 200)).next_cursor, null, 'the last page says so');
select is((select count(*) from unnest((public.list_audit_logs(p_limit => 200)).items) as i where i.org_id <> :'org'), 0::bigint, 'nobody else''s rows are in it');
select is((select count(*) from unnest((public.list_audit_logs(p_actor_id => :'admin')).items)), 5::bigint, 'by actor');
select is((select count(*) from unnest((public.list_audit_logs(p_table => 'services')).items)), 7::bigint, 'by table');
select is((select count(*) from unnest((public.list_audit_logs(p_action => 'update', p_table => 'organizations', p_actor_id => :'admin')).items)), 5::bigint, 'by several at once');
select is(cardinality((public.list_audit_logs(p_from => clock_timestamp() + interval '1 hour')).items), 0, 'from a time');
select is(cardinality((public.list_audit_logs(p_to => now() - interval '1 hour')).items), 0, 'to a time');
select tests.throws_code($$ select public.list_audit_logs('nonsense') $$, 'invalid_cursor');
select tests.throws_code($$ select public.list_audit_logs(p_limit => 0) $$, 'invalid_value');
select tests.throws_code($$ select public.list_audit_logs(p_limit => 201) $$, 'invalid_value');
select tests.throws_code($$ select public.list_audit_logs(p_action => 'drop') $$, 'invalid_value');
select tests.as_api_key(:'key');
select cmp_ok(cardinality((public.list_audit_logs(null, 5)).items), '=', 5, 'a key with the scope reads it');
select tests.as_user(:'manager');
select tests.throws_code('select public.list_audit_logs()', 'role_too_low');

select * from finish();
rollback;
