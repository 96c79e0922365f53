begin;
set local search_path = pg_catalog, extensions, pg_temp;
select plan(27);

select is(private.stripe_id('"cus_1"'), 'cus_1', 'an id');
select is(private.stripe_id('{"id": "cus_1", "object": "customer"}'), 'cus_1', 'or the object it stands for');
select is(private.stripe_id(v), null, v::text || ' names nothing') from unnest(array['null', '5', '[]', '{}']::jsonb[]) v;
select is(private.stripe_id(null), null, 'nor does nothing');
select is(private.stripe_amount('99999999'), 99999999::bigint, 'the largest amount Stripe knows');
select is(private.stripe_amount('0'), 0::bigint, 'the smallest');
select is(private.stripe_amount(v), null, v::text || ' is no amount') from unnest(array['100000000', '-1', '1.5', '"5"', 'null', '[]']::jsonb[]) v;
select is(private.stripe_seconds('1790000000'), 1790000000::bigint, 'a time');
select is(private.stripe_seconds('"1790000000"'), null, 'a text is none');
select is(private.uuid_or_null('00000000-0000-4000-8000-00000000000A'), '00000000-0000-4000-8000-00000000000a'::uuid, 'a UUID');
select is(private.uuid_or_null(v), null, coalesce(v, 'nothing') || ' is none')
from unnest(array['', 'x', '00000000-0000-4000-8000-00000000000', null]) v;
select is(private.stripe_payment_of('{"object": "payment_intent", "id": "pi_1"}'), 'pi_1', 'a payment is its own');
select is(private.stripe_payment_of('{"object": "charge", "id": "ch_1", "payment_intent": "pi_1"}'), 'pi_1', 'a charge is its payment''s');
select is(private.webhook_failed('Why.'), (null, 'failed', 'Why.', false)::private.webhook_verdict, 'an event that nothing can be made of says why');
select is(private.webhook_failed('Why.', '00000000-0000-4000-8000-000000000001'),
    ('00000000-0000-4000-8000-000000000001', 'failed', 'Why.', false)::private.webhook_verdict, 'and whose it is');
select is(private.webhook_failed('Why.', p_try_again => true), (null, 'failed', 'Why.', true)::private.webhook_verdict,
    'and whether it may be tried again');

select * from finish();
rollback;
