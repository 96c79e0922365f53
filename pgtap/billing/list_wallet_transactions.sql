begin;
set local search_path = pg_catalog, extensions, pg_temp;
select plan(19);

select tests.org() as org, tests.org() as other \gset
select tests.user(:'org', 'manager') as manager, tests.user(:'org', 'user') as member, tests.api_key(:'org', '{wallet:read}') as key \gset
select private.post_entry(:'org', 2500, 'topup', 'stripe:pi_1', 'Top-up', 'pi_1', p_now => '2026-11-01 12:00+00') is not null;
select count(private.post_entry(:'org', -n, 'deduction', 'call:' || n, 'Call ' || n, p_call_id => gen_random_uuid(),
                                p_now => '2026-11-02 12:00+00'::timestamptz + n * interval '1 hour'))
from generate_series(1, 10) as n;
select private.post_entry(:'other', 9999, 'topup', 'stripe:pi_2', 'Top-up', 'pi_2', p_now => '2026-11-01 12:00+00') is not null;

select tests.as_user(:'manager');
with recursive pages as (
    select 1 as n, public.list_wallet_transactions(null, 4) as page
    union all
    select p.n + 1, public.list_wallet_transactions((p.page).next_cursor, 4) from pages p where (p.page).next_cursor is not null and p.n < 100
)
select array_agg(i.seq order by p.n, i.place)::text as paged, max(p.n) as pages
from pages p, unnest((p.page).items) with ordinality as i (id, seq, a, b, c, d, e, f, g, h, j, k, l, m, place) \gset
select is(:'paged'::text, '{11,10,9,8,7,6,5,4,3,2,1}', 'page after page gives every row once, newest first');
select is(:'pages'::int, 3, 'over several pages');
select is((public.list_wallet_transactions(p_limit => 11)).next_cursor, null, 'a page that ends where the ledger does is the last');
select is((select count(*) from unnest((public.list_wallet_transactions()).items) as i where i.amount_pence = 9999), 0::bigint, 'nobody else''s rows are in it');
select is(((public.list_wallet_transactions(p_type => 'topup')).items)[1].amount_pence, 2500::bigint, 'by type');
select is(cardinality((public.list_wallet_transactions(p_type => 'bonus')).items), 0, 'of which there may be none');
select is(cardinality((public.list_wallet_transactions(p_from => '2026-11-02 22:00+00')).items), 1, 'from a moment on, that included');
select is(cardinality((public.list_wallet_transactions(p_to => '2026-11-02 22:00+00')).items), 10, 'until a moment, that not included');
select is(cardinality((public.list_wallet_transactions(p_from => '2026-11-02 13:00+00', p_to => '2026-11-02 15:00+00', p_type => 'deduction')).items), 2, 'by several at once');
select tests.throws_code($$ select public.list_wallet_transactions('nonsense') $$, 'invalid_cursor');
select tests.throws_code($$ select public.list_wallet_transactions('') $$, 'invalid_cursor');
select tests.throws_code($$ select public.list_wallet_transactions('seq.99999999999999999999') $$, 'invalid_cursor');
select tests.throws_code($$ select public.list_wallet_transactions('seq.-1') $$, 'invalid_cursor');
select tests.throws_code($$ select public.list_wallet_transactions(p_limit => 0) $$, 'invalid_value');
select tests.throws_code($$ select public.list_wallet_transactions(p_limit => 201) $$, 'invalid_value');
select tests.throws_code($$ select public.list_wallet_transactions(p_type => 'call') $$, 'invalid_value');
select tests.as_api_key(:'key');
select is(cardinality((public.list_wallet_transactions()).items), 11, 'a key with the scope reads it');
select tests.as_user(:'member');
select tests.throws_code('select public.list_wallet_transactions()', 'role_too_low');
select tests.as_owner();
update public.organizations set suspended_at = now() where id = :'org';
select tests.as_user(:'manager');
select tests.throws_code('select public.list_wallet_transactions()', 'account_suspended');

select * from finish();
rollback;
