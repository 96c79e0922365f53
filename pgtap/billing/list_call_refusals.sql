begin;
set local search_path = pg_catalog, extensions, pg_temp;
select plan(11);

select tests.org() as org, tests.org() as other \gset
select tests.user(:'org', 'manager') as manager, tests.user(:'org', 'user') as member, tests.api_key(:'org', '{wallet:read}') as key \gset
insert into public.call_refusals (org_id, call_id, reason, balance_pence, held_pence, capped_pence, created_at)
select :'org', gen_random_uuid(), case when n % 2 = 0 then 'too_many_calls' else 'insufficient_balance' end, n, 0, 0,
       '2026-11-21 12:00+00'::timestamptz + n / 2 * interval '1 hour'
from generate_series(1, 7) as n;
insert into public.call_refusals (org_id, call_id, reason, balance_pence, held_pence, capped_pence) values (:'other', gen_random_uuid(), 'too_many_calls', 99, 0, 0);

select tests.as_user(:'manager');
with recursive pages as (
    select 1 as n, public.list_call_refusals(null, 2) as page
    union all
    select p.n + 1, public.list_call_refusals((p.page).next_cursor, 2) from pages p where (p.page).next_cursor is not null and p.n < 100
)
select is(
    (select array_agg(i.id order by p.n, i.place) from pages p, unnest((p.page).items) with ordinality as i (id, a, b, c, d, e, f, g, place)),
    (select array_agg(r.id order by r.created_at desc, r.id desc) from public.call_refusals r),
    'page after page gives every refusal once, newest first');
select is(cardinality((public.list_call_refusals(p_limit => 7)).items), 7, 'nobody else''s are there');
select matches(((public.list_call_refusals(p_reason => 'too_many_calls')).items)[1].told, 'as many calls', 'the clinic reads why');
select is(cardinality((public.list_call_refusals(p_reason => 'too_many_calls')).items), 3, 'by reason');
select is(cardinality((public.list_call_refusals(p_from => '2026-11-21 13:00+00', p_to => '2026-11-21 14:00+00')).items), 2, 'within a time, its end not included');
select tests.throws_code($$ select public.list_call_refusals('seq.1') $$, 'invalid_cursor');
select tests.throws_code($$ select public.list_call_refusals(p_limit => 0) $$, 'invalid_value');
select tests.as_api_key(:'key');
select is(cardinality((public.list_call_refusals()).items), 7, 'a key with the scope reads them');
select tests.as_user(:'member');
select tests.throws_code('select public.list_call_refusals()', 'role_too_low');
select tests.throws_code('select private.refusals_told()', 'role_too_low', 'by whatever door');
select tests.as_anon();
select throws_ok('select public.list_call_refusals()', '42501');

select * from finish();
rollback;
