begin;
set local search_path = pg_catalog, extensions, pg_temp;
select plan(9);

-- Eight calls at once on a wallet that holds 2,240 pence, each wanting ten minutes.
select tests.funded(2240) as org, timestamptz '2026-11-02 12:00+00' as t \gset
create temp table answers as
select n, (private.reserve_call_credits(:'org', tests.call_of(:'org', n), p_now => timestamptz :'t' + make_interval(secs => n))) as a
from generate_series(1, 8) n;

select results_eq(
    'select (a).allowed, (a).cap_pence, (a).max_duration_seconds, (a).reason from answers order by n',
    $$ values (true, 560::bigint, 594, null::text), (true, 560, 594, null), (true, 560, 594, null), (true, 560, 594, null),
              (true, 500, 530, null), (false, 0, 0, 'cap_too_small'), (false, 0, 0, 'cap_too_small'), (false, 0, 0, 'cap_too_small') $$,
    'four are let in for ten minutes, one for what the debt limit leaves, three not');
select is((tests.wallet(:'org')).capped_pence, 2740::bigint, 'together they can cost balance and debt limit');
select is((tests.wallet(:'org')).held_pence, 1400::bigint, 'each holds five minutes');

select private.start_call_clock(tests.call_of(:'org', n), timestamptz :'t' + make_interval(secs => n), timestamptz :'t' + make_interval(secs => n))
from generate_series(1, 5) n;
-- The deadlines, as they fall due, until nothing is held any more for longer.
create function pg_temp.pass_deadlines(p_org uuid, p_until timestamptz) returns void language plpgsql as $$
declare
    v_effect private.effects;
begin
    loop
        delete from private.effects e where e.id = (
            select d.id from private.effects d
            where d.org_id = p_org and d.kind = 'billing.hold_deadline' and d.run_at <= p_until
            order by d.run_at, d.id limit 1)
        returning * into v_effect;
        exit when not found;
        perform private.hold_deadline_reached(to_jsonb(v_effect) || jsonb_build_object('ended_at', v_effect.run_at), 'done', '{}');
    end loop;
end
$$;
select pg_temp.pass_deadlines(:'org', timestamptz :'t' + interval '15 minutes');
select is((tests.wallet(:'org')).held_pence, 2240::bigint, 'renewals take what there is and no more');
select results_eq(
    format('select reserved_pence from public.credit_reservations where org_id = %L order by created_at', :'org'),
    'values (560::bigint), (560), (560), (280), (280)', 'a slice at a time, the first to run out first');
select results_eq(
    format('select count(*) from public.credit_reservations where org_id = %L and end_requested_at = end_due_at and end_requested_at = hold_ends_at - interval %L', :'org', '3 seconds'),
    'values (5::bigint)', 'and every call is told to end three seconds before its paid time does');

select private.commit_reserved_credits(call_id, floor(extract(epoch from end_requested_at + interval '1 s' - started_at))::bigint, 'report', end_requested_at + interval '1 s', end_requested_at + interval '2 s')
from public.credit_reservations where org_id = :'org' order by created_at;
select is((tests.wallet(:'org')).held_pence + (tests.wallet(:'org')).capped_pence, 0::bigint, 'once all have ended, nothing is held or capped');
select cmp_ok((tests.wallet(:'org')).balance_pence, '>=', 0::bigint, 'nothing is owed');
select is(
    (tests.wallet(:'org')).balance_pence,
    (2240 - (select sum(committed_pence) from public.credit_reservations where org_id = :'org'))::bigint, 'and the bills make up the balance');

select * from finish();
rollback;
