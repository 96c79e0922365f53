begin;
set local search_path = pg_catalog, extensions, pg_temp;
select plan(11);

-- The chain is computed here from its description, by plain text, and not by the function that wrote it.
select tests.funded(5000, '2026-11-02 12:00:00.000001+00') as org \gset
select tests.call_of(:'org', 1) as call \gset
select private.reserve_call_credits(:'org', :'call', p_now => '2026-11-02 12:00:01+00');
select private.commit_reserved_credits(:'call', 120, 'report', p_now => '2026-11-02 12:05:00.5+00');
select private.add_credits(:'org', -700, 'refund', 'refund:pi:700', p_stripe_object_id => 'ch_"quoted"\', p_now => '2026-11-03 00:00+00');
select private.add_credits(:'org', 2500, 'topup', 'stripe:pi_é', p_stripe_payment_intent_id => 'pi_é', p_now => '2026-11-04 00:00+00');

create temp table computed as
with recursive chain as (
    select 0::bigint as seq, ''::bytea as hash
    union all
    select t.seq, sha256(c.hash || convert_to(concat(
        '["', t.org_id, '", ', t.seq, ', "', t.type, '", ', t.amount_pence, ', ', t.balance_before_pence, ', ',
        t.balance_after_pence, ', ', coalesce('"' || t.stripe_payment_intent_id || '"', 'null'), ', ',
        coalesce('"' || replace(replace(t.stripe_object_id, '\', '\\'), '"', '\"') || '"', 'null'), ', ',
        coalesce('"' || t.call_id || '"', 'null'), ', "', t.idempotency_key, '", ',
        round(extract(epoch from t.created_at) * 1000000), ']'), 'UTF8'))
    from chain c
    join public.credit_transactions t on t.org_id = :'org' and t.seq = c.seq + 1
)
select seq, encode(hash, 'hex') as hash from chain where seq > 0;

select results_eq(
    format('select seq, encode(entry_hash, %L) from public.credit_transactions where org_id = %L order by seq', 'hex', :'org'),
    'select seq, hash from computed order by seq', 'anybody can compute the chain from the rows');
select is((select count(*) from computed), 4::bigint, 'all of it');
select is(encode((tests.wallet(:'org')).last_entry_hash, 'hex'), (select hash from computed where seq = 4), 'and arrives at the wallet''s head');

select t as row from public.credit_transactions t where t.org_id = :'org' and t.seq = 2 \gset
select encode(private.entry_hash('\x00', :'row'), 'hex') as whole \gset
create function pg_temp.changed(p_patch jsonb) returns boolean language sql as $$
    select private.entry_hash('\x00', jsonb_populate_record(t, p_patch)) <> private.entry_hash('\x00', t)
    from public.credit_transactions t
    where t.org_id = current_setting('tests.org')::uuid and t.seq = 2;
$$;
select set_config('tests.org', :'org', true);
select ok(bool_and(pg_temp.changed(patch)), 'each of the money''s columns changes the hash')
from unnest(array[
    '{"org_id": "00000000-0000-4000-8000-000000000001"}', '{"seq": 3}', '{"type": "adjustment"}', '{"amount_pence": -113}',
    '{"balance_before_pence": 1}', '{"balance_after_pence": 1}', '{"stripe_payment_intent_id": "pi_2"}',
    '{"stripe_object_id": "ch_2"}', '{"call_id": null}', '{"idempotency_key": "other"}',
    '{"created_at": "2026-11-02 12:05:00.500001+00"}']::jsonb[]) as patch;
select ok(not pg_temp.changed('{"description": "erased"}'), 'the description does not: it may name a person');
select ok(not pg_temp.changed('{"vapi_call_id": "other"}'), 'nor does the provider''s id');
select ok(not pg_temp.changed('{"id": "00000000-0000-4000-8000-000000000001"}'), 'nor the row''s own');
select isnt(encode(private.entry_hash('\x01', :'row'), 'hex'), :'whole', 'the hash before does');
select is(private.entry_hash(null, :'row'), private.entry_hash('', :'row'), 'before the first row there is nothing');
set local timezone = 'Asia/Kolkata';
select is(encode(private.entry_hash('\x00', :'row'), 'hex'), :'whole', 'whoever computes it, and where');
set local datestyle = 'German';
set local extra_float_digits = -15;
select is(encode(private.entry_hash('\x00', (select t from public.credit_transactions t where t.org_id = :'org' and t.seq = 2)), 'hex'), :'whole', 'with whatever settings');

select * from finish();
rollback;
