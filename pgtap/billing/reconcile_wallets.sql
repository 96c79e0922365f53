-- Alone: it goes through every organisation.
begin;
set local search_path = pg_catalog, extensions, pg_temp;
select plan(15);

select tests.lived_in_wallet(), tests.lived_in_wallet(), tests.lived_in_wallet();
select o.id as first, lead(o.id) over (order by o.id) as second from public.organizations o order by o.id limit 1 \gset
select o.id as last from public.organizations o order by o.id desc limit 1 \gset
update public.credit_wallets set held_pence = held_pence + 1 where true;
create function pg_temp.round() returns setof jsonb language sql as $$
    select payload from private.effects where kind = 'billing.reconcile' order by id $$;

select is(
    private.reconcile_from(null, interval '0 seconds'), :'first'::uuid, 'when time is up after the first organisation, the round stands there');
select set_eq('select org_id from private.ledger_checks', format('values (%L::uuid)', :'first'), 'and no other was looked at');
select is(private.reconcile_from(:'first', interval '0 seconds'), :'second'::uuid, 'it goes on with the next');
select is(private.reconcile_from(:'second', interval '1 hour'), null, 'with time enough it comes to the end');
select set_eq('select org_id from private.ledger_checks', 'select id from public.organizations', 'and has looked at all');
select is(private.reconcile_from(:'last', interval '1 hour'), null, 'behind the last there is nobody');

select tests.as_service();
select lives_ok('select private.reconcile_wallets(now())', 'a round begins');
select tests.as_owner();
select results_eq('select * from pg_temp.round()', $$ values ('{}'::jsonb) $$, 'as one effect');
update public.credit_wallets set held_pence = held_pence - 1 where true;
select private.reconcile_on(
    jsonb_build_object('payload', jsonb_build_object('after', :'second'), 'ended_at', now()), 'done', '{}');
select set_eq('select org_id from private.ledger_checks', format('values (%L::uuid), (%L)', :'first', :'second'), 'a step takes the round on from where it stood');
select is((select count(*) from pg_temp.round()), 1::bigint, 'and the last one ends it');
update public.credit_wallets set held_pence = held_pence + 1 where true;
select private.reconcile_on(jsonb_build_object('payload', '{}'::jsonb, 'ended_at', now()), 'dead', null);
select set_eq('select org_id from private.ledger_checks', format('values (%L::uuid), (%L)', :'first', :'second'), 'a round that was given up looks at nothing');

delete from private.effects where kind = 'billing.reconcile';
delete from private.ledger_checks where true;
update public.credit_wallets set entry_count = 100001 where org_id = :'second';
select is(private.reconcile_from(null, interval '1 hour'), null, 'a large ledger does not keep the round');
select results_eq(
    $$ select org_id, payload, queue_key from private.effects where kind = 'billing.reconcile' $$,
    format($$ values (%1$L::uuid, jsonb_build_object('org_id', %1$L::uuid), 'reconcile:large') $$, :'second'), 'it gets an effect of its own');
select private.reconcile_on(
    jsonb_build_object('payload', jsonb_build_object('org_id', :'second'), 'ended_at', now()), 'done', '{}');
select is(
    (select count(distinct org_id) from private.ledger_checks), (select count(*) from public.organizations), 'and is looked at like any other');
select results_eq(
    $$ select name, daily_at, function from private.schedules where name in ('reconcile_wallets', 'export_ledger_heads') order by name $$,
    $$ values ('export_ledger_heads', '00:00'::time, 'export_ledger_heads'), ('reconcile_wallets', '03:20', 'reconcile_wallets') $$,
    'it happens every night');

select * from finish();
rollback;
