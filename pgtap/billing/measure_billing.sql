begin;
set local search_path = pg_catalog, extensions, pg_temp;
select plan(11);

select tests.org() as org \gset
create function pg_temp.figure(p_metric text, p_label text default null) returns double precision language sql as $$
    select m.value from private.measure_billing('2031-05-05 12:00+00') m where m.metric = p_metric and m.label is not distinct from p_label $$;
-- Long ago, within the day, and later than now; of the day's calls one was told to hang up in time, one 4 s late, one not yet.
insert into public.credit_reservations (
    org_id, call_id, rate_pence_per_minute, reserved_pence, committed_pence, cap_pence, max_duration_seconds, status, paid_from,
    hold_ends_at, expires_at, renewals, evidence_rank, evidence_seconds, cap_released_at, end_requested_at, end_reason, end_due_at, end_issued_at,
    created_at, settled_at)
select :'org', gen_random_uuid(), 56, 280, c.committed, 560, 594, case when c.settled_at is null then 'active' else 'committed' end, now(), now(),
       now(), 2, case when c.settled_at is not null then 4 end, case when c.settled_at is not null then 60 end, c.settled_at, c.end_at, case when c.end_at is not null then 'hold_exhausted' end, c.end_at,
       c.end_at + c.late, c.created_at, c.settled_at
from (values
    (112, '2031-05-05 11:00+00'::timestamptz, '2031-05-05 11:01+00'::timestamptz, '2031-05-05 11:00:50+00'::timestamptz, interval '4 seconds'),
    (168, '2031-05-04 12:10+00', '2031-05-04 12:13+00', '2031-05-04 12:12:50+00', interval '-1 second'),
    (0, '2031-05-05 11:59+00', null, '2031-05-05 11:59:30+00', null),
    (280, '2031-05-04 11:50+00', '2031-05-04 11:59+00', '2031-05-04 11:58:50+00', interval '90 seconds'),
    (280, '2031-05-05 12:00+00', '2031-05-05 12:09+00', '2031-05-05 12:08:50+00', interval '90 seconds')
) as c (committed, created_at, settled_at, end_at, late);
insert into public.call_refusals (org_id, call_id, reason, balance_pence, held_pence, capped_pence, created_at)
select :'org', gen_random_uuid(), r.reason, 0, 0, 0, r.at
from (values ('insufficient_balance', '2031-05-05 11:00+00'::timestamptz), ('insufficient_balance', '2031-05-05 10:00+00'),
             ('wallet_suspended', '2031-05-05 11:00+00'), ('wallet_suspended', '2031-05-04 11:59+00')) as r (reason, at);
insert into private.sweep_rescues (org_id, what, created_at)
values (:'org', 'hold_ended', '2031-05-05 11:00+00'), (:'org', 'hold_ended', '2031-05-04 11:00+00');
insert into private.ledger_checks (org_id, check_name, drift, checked_at) values (:'org', 'balance', 1, now()), (:'org', 'held', -1, now());
update public.credit_wallets set status = 'suspended', suspended_by = 'operator' where org_id = :'org';

select is(pg_temp.figure('calls_settled'), 2::double precision, 'calls of the last 24 hours count, and no other');
select is(array[pg_temp.figure('hold_seconds_mean'), pg_temp.figure('hold_seconds_max')], '{120,180}'::double precision[], 'how long holds lasted');
select is(pg_temp.figure('hold_renewals'), 4::double precision, 'how often they were renewed');
select is(pg_temp.figure('hold_released_share'), 0.5::double precision, 'what share of what was held was given back');
select is(array[pg_temp.figure('kill_switch_firings'), pg_temp.figure('kill_switch_unissued')], '{3,1}'::double precision[], 'how many calls were ended for money, and which were not told yet');
select is(
    array[pg_temp.figure('kill_switch_late_seconds_p99'), pg_temp.figure('kill_switch_late_seconds_max')], '{3.96,4}'::double precision[],
    'how late; early is not late, and one that was not told yet is neither');
select is(
    array[pg_temp.figure('calls_refused', 'insufficient_balance'), pg_temp.figure('calls_refused', 'wallet_suspended'),
          pg_temp.figure('calls_refused', 'too_many_calls')], '{2,1,0}'::double precision[], 'how many were not let in, and why; with a zero for every other reason');
select is(pg_temp.figure('sweep_rescues'), 1::double precision, 'what the sweep had to rescue');
select is(pg_temp.figure('ledger_drifts'), 2::double precision, 'what drifts');
select is(pg_temp.figure('wallets_suspended'), (select count(*) from public.credit_wallets where status = 'suspended')::double precision, 'who is suspended');
select results_eq('select metric, label from private.billing_metrics', 'select metric, label from private.measure_billing(now())', 'the view shows the same, as of now');

select * from finish();
rollback;
