begin;
set local search_path = pg_catalog, extensions, pg_temp;
select plan(23);

select tests.org() as org \gset
select * from private.add_credits(:'org', 2500, 'topup', 'stripe:pi_1', p_stripe_payment_intent_id => 'pi_1', p_now => '2026-11-02 12:00+00') \gset first_
select is((tests.wallet(:'org')).balance_pence, 2500::bigint, 'a top-up is in the wallet');
select is(:'first_description'::text, 'Top-up', 'and called by its name');
select is((private.add_credits(:'org', 2500, 'topup', 'stripe:pi_1', p_stripe_payment_intent_id => 'pi_1', p_now => '2026-11-02 12:00+00')).id, :'first_id'::uuid, 'the same payment again is the same row');
select is((private.add_credits(:'org', 2500, 'topup', 'another key', p_stripe_payment_intent_id => 'pi_1', p_now => '2026-11-02 12:00+00')).id, :'first_id'::uuid, 'whatever key it comes with');
select is((private.add_credits(:'org', 9999, 'topup', 'another key', p_stripe_payment_intent_id => 'pi_1', p_now => '2026-11-02 12:00+00')).id, :'first_id'::uuid, 'and whatever amount');
select is((tests.wallet(:'org')).balance_pence, 2500::bigint, 'it is credited once');
select tests.throws_code(format('select private.add_credits(%L, 2501, %L, %L)', :'org', 'topup', 'stripe:pi_1'), 'idempotency_key_reused', 'a key with another amount is refused');
select is((tests.wallet(:'org')).balance_pence, 2500::bigint, 'and moves nothing');

select is((private.add_credits(:'org', -500, 'refund', 'refund:pi_1:500', p_stripe_object_id => 'ch_1', p_now => '2026-11-02 12:01+00')).balance_after_pence, 2000::bigint, 'a refund takes out');
select is((private.add_credits(:'org', 300, 'refund', 'number:refund', p_now => '2026-11-02 12:02+00')).balance_after_pence, 2300::bigint, 'or gives back');
select is((private.add_credits(:'org', 100, 'bonus', 'b', p_now => '2026-11-02 12:03+00')).balance_after_pence, 2400::bigint, 'a bonus brings');
select is((private.add_credits(:'org', -2401, 'adjustment', 'a', p_now => '2026-11-02 12:04+00')).balance_after_pence, -1::bigint, 'an adjustment goes both ways, below nothing too');

select tests.throws_code(format('select private.add_credits(%L, %s, %L, %L)', :'org', amount, type, 'k'), 'invalid_amount', format('%s of %s is refused', type, amount))
from (values ('topup', '0'), ('topup', '-1'), ('bonus', '-1'), ('refund', '0'), ('adjustment', 'null'), ('adjustment', '100000001'),
             ('adjustment', '-100000001'), ('adjustment', '(-9223372036854775807 - 1)')) as bad (type, amount);
select tests.throws_code(format('select private.add_credits(%L, 1, %L, %L)', :'org', 'deduction', 'k'), 'invalid_transaction_type', 'a deduction is no credit');
select tests.throws_code(format('select private.add_credits(%L, 1, null, %L)', :'org', 'k'), 'invalid_transaction_type', 'nor is what has no type');
select tests.throws_code($$ select private.add_credits('00000000-0000-4000-8000-000000000001', 1, 'topup', 'k') $$, 'organization_not_found', 'nobody has no wallet');

select * from finish();
rollback;
