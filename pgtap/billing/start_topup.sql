begin;
set local search_path = pg_catalog, extensions, pg_temp;
select plan(36);

update private.email_settings set app_url = 'https://app.example.test' where singleton;
select tests.org('Smile') as org, tests.org('Grin') as other \gset
select tests.admin(:'org') as admin, tests.user(:'org', 'manager') as manager, tests.admin(:'other') as stranger,
       tests.api_key(:'org', '{wallet:write}') as key, tests.api_key(:'org', '{wallet:read}') as reader \gset

select tests.as_user(:'admin');
select id as operation, kind, status from public.start_topup(2500, '/dashboard/wallet', 'mine') \gset
select is(:'kind' || ' ' || :'status', 'stripe.checkout queued', 'a top-up is an operation that opens its page');
select is((select id from public.start_topup(2500, '/dashboard/wallet', 'mine')), :'operation'::uuid, 'the same key answers the same one');
select tests.throws_code($$ select public.start_topup(2600, '/dashboard/wallet', 'mine') $$, 'idempotency_key_reused');
select tests.throws_code($$ select public.start_topup(2500, '/dashboard/onboarding', 'mine') $$, 'idempotency_key_reused');
select tests.throws_code($$ select public.start_topup(2500, '/dashboard/wallet', '') $$, 'idempotency_key_invalid');
select is(url, null, 'the page is not there yet') from public.topup_session(:'operation');
select tests.as_owner();
select is((select count(*) from private.effects where org_id = :'org' and kind = 'stripe.checkout'), 1::bigint, 'and nothing is ordered twice');
select results_eq(
    format($$ select payload - 'topup_id' from private.effects where id = %L $$, :'operation'),
    $$ select jsonb_build_object('org_id', o.id, 'amount_pence', 2500, 'currency', 'gbp', 'customer', null, 'email', o.email, 'organization_name', 'Smile',
           'success_url', 'https://app.example.test/dashboard/wallet?topup=success&session_id={CHECKOUT_SESSION_ID}',
           'cancel_url', 'https://app.example.test/dashboard/wallet?topup=cancelled')
       from public.organizations o where o.id = $$ || quote_literal(:'org'), 'what is ordered');
select results_eq(
    format($$ select origin, status, created_by from public.wallet_topups where effect_id = %L $$, :'operation'),
    format($$ values ('checkout', 'new', %L::uuid) $$, :'admin'), 'it is on record with who began it');
select tests.as_user(:'admin');
select isnt((select id from public.start_topup(500000, 'https://app.example.test/dashboard/onboarding')), :'operation'::uuid, 'without a key each is its own; a whole address of our own is taken');

select tests.throws_code(format('select public.start_topup(%s, ''/dashboard/wallet'')', a), 'amount_out_of_range', coalesce(a, 'no amount') || ' is no top-up')
from unnest(array['2499', '0', '-2500', '500001', '9223372036854775807', 'null']) as a;
select throws_ok($$ select public.start_topup(92233720368547758070, '/dashboard/wallet') $$, null, null, 'beyond 64 bits there is no such function');
select tests.throws_code(format('select public.start_topup(2500, %L)', u), 'return_url_not_allowed', coalesce(to_json(u)::text, 'nothing') || ' is not led back to')
from unnest(array[
    null, '', '/', '/dashboard', '//evil.test/dashboard/wallet', 'https://evil.test/dashboard/wallet',
    'https://app.example.test.evil.test/dashboard/wallet', 'https://app.example.test@evil.test/dashboard/wallet', '\dashboard\wallet',
    '/dashboard/wallet?next=https://evil.test', '/dashboard/wallet#x', '/dashboard/%2e%2e/wallet', '/dashboard/wallet/', ' /dashboard/wallet',
    E'/dashboard/wallet\n']) as u;

select tests.as_user(:'manager');
select tests.throws_code($$ select public.start_topup(2500, '/dashboard/wallet') $$, 'role_too_low');
select tests.as_api_key(:'reader');
select tests.throws_code($$ select public.start_topup(2500, '/dashboard/wallet') $$, 'scope_missing');
select tests.as_api_key(:'key');
select is((public.start_topup(2500, '/dashboard/wallet')).status, 'queued', 'a key may, with its scope');
select tests.as_user(:'stranger');
select tests.throws_code(format('select public.topup_session(%L)', :'operation'), 'operation_not_found', 'another organisation''s page is not there');

select * from finish();
rollback;
