begin;
set local search_path = pg_catalog, extensions, pg_temp;
select plan(9);

-- £50 paid by a card that is kept; below £20, £25 more.
select tests.org('Smile') as org, tests.org('Grin') as grin, tests.org('Shine') as shine \gset
select tests.saved_card(o, 5000, 2000, 2500) from (values (:'org'::uuid), (:'grin'), (:'shine')) as v (o);
create function pg_temp.charges(p_org uuid) returns bigint language sql as $$
    select count(*) from public.wallet_recharges r where r.org_id = p_org;
$$;

select private.pause_recharge(:'shine', '2026-11-02 12:00+00');
select private.consider_recharge(:'shine', '2026-11-02 12:30+00');
select is((tests.wallet(:'shine')).recharge_blocked_until, timestamptz '2026-11-02 13:00+00', 'a pause lasts an hour');
select private.pause_recharge(:'shine', '2026-11-02 11:00+00');
select is((tests.wallet(:'shine')).recharge_blocked_until, timestamptz '2026-11-02 13:00+00', 'and an earlier one does not shorten it');

select tests.hear_stripe('charge.refunded', jsonb_build_object(
    'object', 'charge', 'id', 'ch_pi_card', 'amount', 5000, 'amount_refunded', 4000, 'currency', 'gbp',
    'customer', 'cus_' || replace(:'org', '-', ''), 'payment_intent', 'pi_card_' || replace(:'org', '-', '')));
select is((tests.wallet(:'org')).balance_pence, 1000::bigint, 'a refund takes the wallet below its threshold');
select is(pg_temp.charges(:'org'), 0::bigint, 'and the card that was just paid back is not charged for it');
select is((tests.wallet(:'org')).auto_recharge_enabled, true, 'though it will be again');

select tests.hear_stripe('charge.dispute.funds_withdrawn', jsonb_build_object(
    'object', 'dispute', 'id', 'dp_' || replace(:'grin', '-', ''), 'amount', 5000, 'currency', 'gbp', 'status', 'needs_response',
    'charge', 'ch_pi_card', 'payment_intent', 'pi_card_' || replace(:'grin', '-', '')));
select is((tests.wallet(:'grin')).balance_pence, 0::bigint, 'a dispute takes its money');
select is(pg_temp.charges(:'grin'), 0::bigint, 'and the card whose owner disputes is not charged by itself');
select is((tests.wallet(:'grin')).auto_recharge_enabled, false, 'nor later');
select private.stop_recharge(:'grin', 'recharge_disputed', 'again');
select is((select count(*) from private.emails e where e.org_id = :'grin' and e.template = 'recharge_disputed'), 1::bigint, 'which the admins are told once');

select * from finish();
rollback;
