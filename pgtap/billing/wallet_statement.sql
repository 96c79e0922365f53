begin;
set local search_path = pg_catalog, extensions, pg_temp;
select plan(17);

select tests.org() as org, tests.org() as other, gen_random_uuid() as call \gset
select tests.user(:'org', 'manager') as manager, tests.user(:'org', 'user') as member, tests.api_key(:'org', '{wallet:read}') as key \gset
update public.organizations set created_at = '2026-09-10 00:00+00' where id = :'org';
select private.post_entry(:'org', 2500, 'topup', 'stripe:pi_1', 'Top-up', 'pi_1', p_now => '2026-09-30 22:59:59+00') is not null;
select private.post_entry(:'org', -112, 'deduction', 'call:a:1', 'Call', p_call_id => :'call', p_now => '2026-09-30 23:00+00') is not null;
select private.post_entry(:'org', -1000, 'deduction', 'number', 'Number', p_now => '2026-10-20 12:00+00') is not null;
select private.post_entry(:'org', -2500, 'refund', 'refund:pi_1:2500', 'Refund', p_stripe_object_id => 'ch_1', p_now => '2026-10-31 23:59:59+00') is not null;
select private.post_entry(:'org', 5000, 'topup', 'stripe:pi_2', 'Top-up', 'pi_2', p_now => '2026-11-01 00:00+00') is not null;
select private.post_entry(:'other', 9999, 'topup', 'stripe:pi_3', 'Top-up', 'pi_3', p_now => '2026-10-01 12:00+00') is not null;

select tests.as_user(:'manager');
create function pg_temp.statement(p_month text, p_lines boolean default true) returns public.wallet_statement language sql as $$
    select private.wallet_statement(p_month, p_lines, '2026-11-21 12:00+00');
$$;
select is((pg_temp.statement('2026-10')).opening_pence, 2500::bigint, 'a month opens with what the one before left, by London''s clock');
select is((select array_agg(l.seq)::text from unnest((pg_temp.statement('2026-10')).lines) as l), '{2,3,4}', 'its lines are those between its midnights, in order');
select is((pg_temp.statement('2026-10')).closing_pence, -1112::bigint, 'it closes with what they leave');
select is((pg_temp.statement('2026-11')).opening_pence, -1112::bigint, 'with which the next one opens');
select is(
    (pg_temp.statement('2026-10')).closing_pence, ((pg_temp.statement('2026-10')).lines)[3].balance_after_pence,
    'the ledger''s own balance says the same');
select is((select count(*) from unnest('{2026-09,2026-10,2026-11}'::text[]) as m cross join lateral pg_temp.statement(m) as s
           where s.opening_pence + (select coalesce(sum(l.amount_pence), 0) from unnest(s.lines) as l) <> s.closing_pence), 0::bigint,
          'opening and lines make closing, every month');
select is((pg_temp.statement('2026-09')).opening_pence, 0::bigint, 'the first month opens with nothing');
select row_eq(
    $$ select used_gross_pence, used_net_pence, used_vat_pence from pg_temp.statement('2026-10') $$, row(1112::bigint, 926::bigint, 186::bigint),
    'what was used, net and tax, is the sum of the parts');
select is((pg_temp.statement('2026-10')).is_final, true, 'a month that is over is final');
select is((pg_temp.statement('2026-11')).is_final, false, 'this one is not');
select is((pg_temp.statement('2026-10', false)).lines, null, 'the lines can be left out');
select is((pg_temp.statement('2026-10', false)).closing_pence, -1112::bigint, 'and nothing else with them');
select is((public.wallet_statement('2026-10')).organization_name, 'Clinic', 'clients get it by the month');
select tests.as_api_key(:'key');
select is((public.wallet_statement('2026-10')).closing_pence, -1112::bigint, 'a key with the scope as well');
select tests.as_user(:'member');
select tests.throws_code($$ select public.wallet_statement('2026-10') $$, 'role_too_low');

select tests.as_owner();
insert into public.credit_transactions (
    org_id, seq, amount_pence, type, description, idempotency_key, balance_before_pence, balance_after_pence, entry_hash, created_at)
select :'org', n, 1, 'bonus', 'x', 'n:' || n, n, n + 1, sha256(''), '2026-11-04 12:00+00' from generate_series(6, 20005) as n;
select tests.as_user(:'manager');
select tests.throws_code($$ select pg_temp.statement('2026-11') $$, 'too_many_lines', 'more lines than one answer holds are refused');
select is((pg_temp.statement('2026-11', false)).closing_pence, 23888::bigint, 'the statement without them is there');

select * from finish();
rollback;
