begin;
set local search_path = pg_catalog, extensions, pg_temp;
select plan(16);

select '2026-11-23 10:00+00'::timestamptz as t, tests.funded(5000) as org \gset
insert into public.calls (org_id, call_direction, phone_number, vapi_call_id, created_at) values (:'org', 'inbound', '+447700900123', 'v-1', :'t') returning id as call \gset
select private.reserve_call_credits(:'org', :'call', 600, 'v-1', :'t');
select private.claim_outside('vapi_call', 'v-1', :'org');
create function pg_temp.due(p_org uuid) returns text language sql as $$
    select string_agg(format('%s %s', e.kind, coalesce(e.payload ->> 'asked', e.payload ->> 'vapi_call_id')), ', ' order by e.kind) from private.effects e where e.org_id = p_org and e.kind in ('calls.report_due', 'vapi.poll_call');
$$;
create function pg_temp.passed(p_org uuid) returns interval language plpgsql as $$
declare
    v_run_at constant timestamptz := (select run_at from private.effects where org_id = p_org and kind = 'calls.report_due');
begin
    perform tests.answered(p_org, 'calls.report_due', '{}', 'done', v_run_at);
    return v_run_at - '2026-11-23 10:02+00';
end
$$;
create function pg_temp.message(p_type text, p_more jsonb) returns jsonb language sql as $$ select jsonb_build_object('type', p_type, 'timestamp', '2026-11-23T10:02:00Z', 'call', jsonb_build_object('id', 'v-1')) || p_more; $$;

-- A call ends, and nothing more is heard of it.
select private.call_status_changed(c, pg_temp.message('status-update', '{"status": "in-progress", "timestamp": "2026-11-23T10:00:10Z"}'), '2026-11-23 10:00:10+00') from public.calls c where c.id = :'call';
select private.call_status_changed(c, pg_temp.message('status-update', '{"status": "ended", "endedReason": "customer-ended-call"}'), '2026-11-23 10:02+00') from public.calls c where c.id = :'call';
select is(pg_temp.due(:'org'), 'calls.report_due 0', 'a call that has ended waits for its report');
select private.call_status_changed(c, pg_temp.message('status-update', '{"status": "ended", "endedReason": "customer-ended-call"}'), '2026-11-23 10:02:01+00') from public.calls c where c.id = :'call';
select is(pg_temp.due(:'org'), 'calls.report_due 0', 'once, however often its end is told');
select is(pg_temp.passed(:'org'), interval '3 minutes', 'when it has not come in three minutes');
select is(pg_temp.due(:'org'), 'calls.report_due 1, vapi.poll_call v-1', 'Vapi is asked');

-- Vapi tells.
select tests.answered(:'org', 'vapi.poll_call', jsonb_build_object('status', 'ended', 'started_at', '2026-11-23T10:00:10Z', 'ended_at', '2026-11-23T10:02:00Z', 'ended_reason', 'customer-ended-call', 'report', jsonb_build_object(
    'id', 'v-1', 'startedAt', '2026-11-23T10:00:10Z', 'endedAt', '2026-11-23T10:02:00Z', 'endedReason', 'customer-ended-call', 'cost', 0.12, 'analysis', jsonb_build_object('summary', 'She asked for an appointment.'),
    'customer', jsonb_build_object('number', '+447700900123'),
    'artifact', jsonb_build_object('transcript', E'AI: Hello.\nUser: I should like an appointment.', 'recordingUrl', 'https://storage.example/r.wav'))), p_now => '2026-11-23 10:05+00') \gset
select is((select concat_ws('|', status, duration_seconds, summary, transcript, recording_status <> 'none', ended_reason, cost_cents) from public.calls where id = :'call'),
    E'completed|110|She asked for an appointment.|AI: Hello.\nUser: I should like an appointment.|t|customer-ended-call|103', 'what Vapi tells is the record, and what it costs');
select is((select rank from private.call_records where call_id = :'call'), 3::smallint, 'as the word of one who was asked');
select is((select status from public.credit_reservations where call_id = :'call'), 'committed', 'the bill is settled');
select is(pg_temp.passed(:'org'), interval '18 minutes', 'a quarter of an hour later');
select is(pg_temp.due(:'org'), null, 'nobody looks any more');

-- The report comes after all, and says the same more surely.
select private.call_reported(c, pg_temp.message('end-of-call-report', '{"startedAt": "2026-11-23T10:00:10Z", "endedAt": "2026-11-23T10:02:00Z", "endedReason": "customer-ended-call", "analysis": {"summary": "An appointment."}, "artifact": {"transcript": "AI: Hello."}}'), sha256('x'), '2026-11-23 10:30+00') from public.calls c where c.id = :'call';
select is((select summary from public.calls where id = :'call'), 'An appointment.', 'a report that comes late is the surer word');
select is((select count(*) from public.leads where call_id = :'call'), 1::bigint, 'and makes nothing twice');

-- Vapi never tells.
insert into public.calls (org_id, call_direction, phone_number, vapi_call_id, created_at) values (:'org', 'inbound', '+447700900124', 'v-2', :'t') returning id as silent \gset
select private.await_report(:'org', :'silent', 0, '2026-11-23 10:02+00') \gset
select is((select array_agg(pg_temp.passed(:'org')) from generate_series(1, 3)), array[interval '3 minutes', interval '18 minutes', interval '78 minutes'], 'it is asked less and less often');
select is(tests.ordered(:'org', 'slack.message'), 0::bigint, 'nobody is troubled by it at first');
select is(pg_temp.passed(:'org'), interval '438 minutes', 'for hours');
select is(tests.ordered(:'org', 'slack.message'), 1::bigint, 'then an operator hears of it');
select is(tests.ordered(:'org', 'calls.report_due'), 0::bigint, 'and nobody looks any more');

select * from finish();
rollback;
