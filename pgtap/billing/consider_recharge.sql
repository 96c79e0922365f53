begin;
set local search_path = pg_catalog, extensions, pg_temp;
select plan(17);

select tests.org('Smile') as org \gset
select tests.saved_card(:'org', 5000, 2000, 4000);
create function pg_temp.in_flight(p_org uuid) returns bigint language sql as $$
    select count(*) from public.wallet_recharges r where r.org_id = p_org and r.status = 'pending';
$$;
create function pg_temp.consider(p_org uuid, p_now timestamptz default now()) returns bigint language sql as $$
    select private.consider_recharge(p_org, p_now);
    select pg_temp.in_flight(p_org);
$$;
create function pg_temp.with_wallet(p_org uuid, p_set text) returns bigint language plpgsql as $$
declare v_count bigint;
begin
    execute format('update public.credit_wallets set %s where org_id = %L', p_set, p_org);
    v_count := pg_temp.consider(p_org);
    raise exception 'undo' using errcode = 'ZZ999', detail = v_count::text;
exception when sqlstate 'ZZ999' then
    get stacked diagnostics p_set = pg_exception_detail;
    return p_set::bigint;
end $$;

select is(pg_temp.consider(:'org'), 0::bigint, 'with enough in the wallet nothing is charged');
select private.add_credits(:'org', -2999, 'adjustment', 'a');
select is(pg_temp.in_flight(:'org'), 0::bigint, 'one penny above the threshold neither');
select is(pg_temp.with_wallet(:'org', 'held_pence = 2'), 1::bigint, 'what is held is not available');

select private.add_credits(:'org', -1, 'adjustment', 'b');
select is(pg_temp.in_flight(:'org'), 0::bigint, 'at the threshold neither');
select is(pg_temp.with_wallet(:'org', 'balance_pence = 1999, auto_recharge_enabled = false'), 0::bigint, 'not when it is off');
select is(pg_temp.with_wallet(:'org', 'balance_pence = 1999, stripe_payment_method_id = null'), 0::bigint, 'not without a card');
select is(pg_temp.with_wallet(:'org', 'balance_pence = 1999, recharge_blocked_until = now() + interval ''1 second'''), 0::bigint, 'not in the pause after a decline');
select is(pg_temp.with_wallet(:'org', 'balance_pence = 1999, recharge_blocked_until = now()'), 1::bigint, 'but after it');
select is(pg_temp.with_wallet(:'org', 'balance_pence = 1999, status = ''suspended'', suspended_by = ''operator'''), 0::bigint, 'not when an operator suspended the wallet');
select is(pg_temp.with_wallet(:'org', 'balance_pence = -600, status = ''suspended'', suspended_by = ''debt'''), 1::bigint, 'a debt is what it is for');
update public.organizations set suspended_at = now() where id = :'org';
select is(pg_temp.with_wallet(:'org', 'balance_pence = 1999'), 0::bigint, 'not for a suspended organisation');
update public.organizations set suspended_at = null where id = :'org';

select private.add_credits(:'org', -1, 'adjustment', 'c');
select is(pg_temp.in_flight(:'org'), 1::bigint, 'a penny below the threshold the card is charged');
select results_eq(
    format($$ select e.payload - 'since', e.queue_key from public.wallet_recharges r join private.effects e on e.id = r.effect_id where r.org_id = %L $$, :'org'),
    format($$ select jsonb_build_object('org_id', o.id, 'recharge_id', r.id, 'amount_pence', 4000, 'currency', 'gbp', 'customer', o.stripe_customer_id,
                  'payment_method', w.stripe_payment_method_id), 'recharge:' || o.id
              from public.organizations o join public.wallet_recharges r on r.org_id = o.id join public.credit_wallets w on w.org_id = o.id where o.id = %L $$, :'org'),
    'by an effect that says what, from which card');
select private.add_credits(:'org', -1000, 'adjustment', 'd');
select pg_temp.consider(:'org') from generate_series(1, 32);
select is(pg_temp.in_flight(:'org'), 1::bigint, 'once, however often the wallet moves meanwhile');
select is((select count(*) from private.effects where org_id = :'org' and kind = 'stripe.charge'), 1::bigint, 'and Stripe is asked once');
select throws_ok(
    format($$ insert into public.wallet_recharges (org_id, amount_pence, stripe_payment_method_id) values (%L, 2500, 'pm_x') $$, :'org'),
    '23505', null, 'the table itself holds one in flight');
select is(pg_temp.in_flight(tests.org('Grin')), 0::bigint, 'others are not charged');

select * from finish();
rollback;
