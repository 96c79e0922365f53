begin;
set local search_path = pg_catalog, extensions, pg_temp;
select plan(47);

select tests.org('Smile') as org \gset
select tests.saved_card(:'org', 2500, 2500, 4000);
select 'pi_x' || substr(:'org', 1, 8) as pi \gset
-- Makes a charge due at p_now, answers its recharge.
create function pg_temp.due(p_org uuid, p_now timestamptz default now()) returns uuid language plpgsql as $$
begin
    update public.wallet_recharges r set status = 'failed', finished_at = p_now where r.org_id = p_org and r.status = 'pending';
    perform private.add_credits(p_org, 2400 - w.balance_pence, 'adjustment', 'due:' || gen_random_uuid(), p_now => p_now)
    from public.credit_wallets w where w.org_id = p_org and w.balance_pence <> 2400;
    perform private.consider_recharge(p_org, p_now);
    return (select r.id from public.wallet_recharges r where r.org_id = p_org and r.status = 'pending');
end $$;
create function pg_temp.answer(p_recharge uuid, p_outcome text, p_result jsonb, p_now timestamptz default now()) returns text language plpgsql as $$
begin
    perform private.recharge_answered(
        jsonb_build_object('id', r.effect_id, 'payload', jsonb_build_object('org_id', r.org_id, 'recharge_id', r.id), 'ended_at', p_now, 'last_error', 'no answer'),
        p_outcome, p_result)
    from public.wallet_recharges r where r.id = p_recharge;
    return (select r.status from public.wallet_recharges r where r.id = p_recharge);
end $$;
create function pg_temp.result(p_status text, p_pi text, p_code text default null) returns jsonb language sql as $$
    select jsonb_build_object('status', p_status, 'payment_intent', p_pi, 'amount_received', case p_status when 'succeeded' then 4000 else 0 end, 'currency', 'gbp',
        'code', p_code, 'decline_code', null, 'message', 'Your card said ' || p_status);
$$;
create function pg_temp.wallet(p_org uuid) returns public.credit_wallets language sql as $$ select w from public.credit_wallets w where w.org_id = p_org; $$;
create function pg_temp.failed(p_org uuid, p_recharge uuid, p_pi text, p_code text) returns text language sql as $$
    select tests.hear_stripe('payment_intent.payment_failed', tests.stripe_intent(p_org, p_pi, 4000, jsonb_build_object(
        'amount_received', 0, 'status', 'requires_payment_method', 'metadata', jsonb_build_object('org_id', p_org, 'recharge_id', p_recharge),
        'last_payment_error', jsonb_build_object('code', p_code, 'message', 'no'))));
$$;
create function pg_temp.succeeded(p_org uuid, p_recharge uuid, p_pi text) returns text language sql as $$
    select tests.hear_stripe('payment_intent.succeeded', tests.stripe_intent(p_org, p_pi, 4000, jsonb_build_object('metadata', jsonb_build_object('org_id', p_org, 'recharge_id', p_recharge))));
$$;

-- It succeeds, and both say so.
select pg_temp.due(:'org') as r \gset
select is(pg_temp.answer(:'r', 'done', pg_temp.result('succeeded', :'pi')), 'succeeded', 'a charge that succeeded');
select is((pg_temp.wallet(:'org')).balance_pence, 6400::bigint, 'is in the wallet');
select is(description, 'Auto-recharge', 'as what it is') from public.credit_transactions where org_id = :'org' and stripe_payment_intent_id = :'pi';
select is(pg_temp.succeeded(:'org', :'r', :'pi'), 'duplicate', 'its event finds it done');
select pg_temp.due(:'org') as r \gset
select is(pg_temp.succeeded(:'org', :'r', :'pi' || 'b'), 'processed', 'the event may come first');
select is(pg_temp.answer(:'r', 'done', pg_temp.result('succeeded', :'pi' || 'b')), 'succeeded', 'then the answer');
select is((pg_temp.wallet(:'org')).balance_pence, 6400::bigint, 'is one credit');
select pg_temp.due(:'org') as r \gset
select is(pg_temp.answer(:'r', 'done', pg_temp.result('processing', :'pi' || 'c')), 'pending', 'a charge under way stays in flight');
select is(pg_temp.succeeded(:'org', :'r', :'pi' || 'c'), 'processed', 'until its event');
select is(status, 'succeeded', 'settles it') from public.wallet_recharges where id = :'r';

-- Declined.
select pg_temp.due(:'org') as r \gset
select is(pg_temp.answer(:'r', 'done', pg_temp.result('declined', :'pi' || 'd', 'card_declined')), 'declined', 'a declined card');
select is(reason, 'Your card said declined', 'with what its issuer said') from public.wallet_recharges where id = :'r';
select is((pg_temp.wallet(:'org')).recharge_failures, 1, 'is counted');
select is((pg_temp.wallet(:'org')).recharge_blocked_until, now() + interval '1 hour', 'and left in peace for an hour');
select pg_temp.failed(:'org', :'r', :'pi' || 'd', 'card_declined');
select is((pg_temp.wallet(:'org')).recharge_failures, 1, 'its event does not count it again');
select is(pg_temp.due(:'org', now() + interval '59 minutes'), null, 'no charge in that hour');
select pg_temp.due(:'org', now() + interval '1 hour') as r \gset
select isnt(:'r'::uuid, null, 'one after it');
select pg_temp.failed(:'org', :'r', :'pi' || 'e', 'card_declined');
select pg_temp.answer(:'r', 'done', pg_temp.result('declined', :'pi' || 'e', 'card_declined'), now() + interval '1 hour');
select is((pg_temp.wallet(:'org')).recharge_failures, 2, 'the event may come before the answer: one decline');
select is((pg_temp.wallet(:'org')).auto_recharge_enabled, true, 'two turn nothing off');
select pg_temp.due(:'org', now() + interval '3 hours') as r \gset
select pg_temp.answer(:'r', 'done', pg_temp.result('declined', :'pi' || 'f', 'card_declined'), now() + interval '3 hours');
select is((pg_temp.wallet(:'org')).auto_recharge_enabled, false, 'the third turns auto-recharge off');
select is(count(*), 1::bigint, 'and its admin is told') from private.emails where org_id = :'org' and template = 'recharge_turned_off';
select is(pg_temp.due(:'org', now() + interval '9 hours'), null, 'nothing is charged any more');

-- A success between declines starts the count anew.
select tests.org('Grin') as grin \gset
select tests.saved_card(:'grin', 2500, 2500, 4000);
select pg_temp.due(:'grin') as r \gset
select pg_temp.answer(:'r', 'done', pg_temp.result('declined', :'pi' || 'g', 'card_declined'));
select pg_temp.due(:'grin', now() + interval '2 hours') as r \gset
select pg_temp.answer(:'r', 'done', pg_temp.result('succeeded', :'pi' || 'h'), now() + interval '2 hours');
select is((pg_temp.wallet(:'grin')).recharge_failures, 0, 'a success forgets the declines before it');
select is((pg_temp.wallet(:'grin')).recharge_blocked_until, null, 'and their pause');

-- The owner is needed.
select tests.org('Beam') as beam \gset
select tests.saved_card(:'beam', 2500, 2500, 4000);
select pg_temp.due(:'beam') as r \gset
select is(pg_temp.answer(:'r', 'done', pg_temp.result('requires_action', :'pi' || 'i', 'authentication_required')), 'needs_owner', 'a card that needs its owner');
select is((pg_temp.wallet(:'beam')).recharge_failures, 0, 'is no decline');
select is((pg_temp.wallet(:'beam')).recharge_blocked_until, now() + interval '1 hour', 'and is left in peace for an hour');
select pg_temp.failed(:'beam', :'r', :'pi' || 'i', 'authentication_required');
select results_eq(
    format($$ select amount_pence, origin, status, count(*) over () from public.wallet_topups where org_id = %L $$, :'beam'),
    $$ values (4000::bigint, 'recharge', 'new', 1::bigint) $$, 'a page for the same amount is ordered, once');
select private.checkout_created(
    to_jsonb(e) || jsonb_build_object('ended_at', now()), 'done',
    jsonb_build_object('customer', o.stripe_customer_id, 'session_id', 'cs_i' || :'pi', 'url', 'https://pay.test/beam', 'expires_at', 1))
from private.effects e join public.organizations o on o.id = e.org_id where e.org_id = :'beam' and e.kind = 'stripe.checkout';
select is(count(*), 1::bigint, 'and its link sent to the admin') from private.emails
where org_id = :'beam' and template = 'recharge_needs_owner' and text like '%https://pay.test/beam%' and text like '%£40.00%';
select pg_temp.due(:'beam', now() + interval '2 hours') as r \gset
select is(pg_temp.failed(:'beam', :'r', :'pi' || 'j', 'authentication_required'), 'processed', 'again');
select is(status, 'needs_owner', 'told by its event alone') from public.wallet_recharges where id = :'r';
select is(count(*), 1::bigint, 'no second link while the first one holds') from public.wallet_topups where org_id = :'beam';
select is(tests.hear_stripe('checkout.session.completed', tests.stripe_session(:'beam', 'cs_i' || :'pi', :'pi' || 'k', 4000)), 'processed', 'paid there');
select is((pg_temp.wallet(:'beam')).balance_pence, 6400::bigint, 'it is in the wallet');

-- Unknown, and refused.
select tests.org('Gleam') as gleam \gset
select tests.saved_card(:'gleam', 2500, 2500, 4000);
select pg_temp.due(:'gleam') as r \gset
select is(pg_temp.answer(:'r', 'dead', null), 'pending', 'a charge whose outcome is unknown stays in flight');
select is(count(*), 1::bigint, 'and the operator is told') from private.alerts where org_id = :'gleam' and kind = 'recharge_unknown';
select private.consider_recharge(:'gleam', now() + interval '9 days');
select is(count(*), 1::bigint, 'nothing else is charged meanwhile') from public.wallet_recharges where org_id = :'gleam';
select is(pg_temp.answer(:'r', 'done', pg_temp.result('succeeded', :'pi' || 'l')), 'succeeded', 'replayed, it is settled');
select pg_temp.due(:'gleam') as r \gset
select is(pg_temp.answer(:'r', 'refused', null), 'failed', 'a request Stripe refuses charged nobody');
select is((pg_temp.wallet(:'gleam')).recharge_failures, 0, 'and is no decline');
select is((pg_temp.wallet(:'gleam')).recharge_blocked_until, now() + interval '1 hour', 'but is not repeated at once');
select is(count(*), 1::bigint, 'and the operator is told') from private.alerts where org_id = :'gleam' and kind = 'recharge_refused';

-- A success that cannot be one.
select tests.org('Glow') as glow \gset
select tests.saved_card(:'glow', 2500, 2500, 4000);
select pg_temp.due(:'glow') as r \gset
select is(pg_temp.answer(:'r', 'done', pg_temp.result('succeeded', :'pi' || 'n') || '{"currency": "usd"}'), 'pending', 'a success in another currency stays in flight');
select is((pg_temp.wallet(:'glow')).balance_pence, 2400::bigint, 'and moves no money');
select is(count(*), 1::bigint, 'but the operator is told') from private.alerts where org_id = :'glow' and kind = 'recharge_unknown';

-- The next one.
select tests.org('Shine') as shine \gset
select tests.saved_card(:'shine', 2500, 9000, 2500);
select pg_temp.due(:'shine') as r \gset
select pg_temp.answer(:'r', 'done', pg_temp.result('succeeded', :'pi' || 'm'));
select isnt(r.id, :'r', 'still below the threshold, the next charge begins') from public.wallet_recharges r where r.org_id = :'shine' and r.status = 'pending';
select is(count(*), 2::bigint, 'and no more than that') from public.wallet_recharges where org_id = :'shine';

select * from finish();
rollback;
