-- The prepaid engine in figures, of the last 24 hours and of now: see private.measure_billing().
create or replace view private.billing_metrics with (security_invoker = true) as
    select m.metric, m.label, m.value from private.measure_billing() m;

comment on view private.billing_metrics is
    'The prepaid engine in figures: the last 24 hours, and what stands now. ledger_drifts must be 0.';
revoke all on private.billing_metrics from public, anon, authenticated, service_role;
