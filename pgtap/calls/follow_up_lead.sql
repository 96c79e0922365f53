-- What a call makes of its contact: a state, a lead, and once a call an alert when it is hot.
begin;
set local search_path = pg_catalog, extensions, pg_temp;
select plan(28);

select tests.freeze_time('2026-03-02 10:00+00');
select tests.org('Lead') as org \gset
create function pg_temp.report(p_more jsonb default '{}') returns jsonb language sql as $$
    select '{"startedAt": "2026-03-02T10:00:00Z", "endedAt": "2026-03-02T10:02:00Z", "endedReason": "customer-ended-call"}' || p_more $$;
create function pg_temp.is_now(p_org uuid, p_status text, p_phone text default '+447700900123') returns text language sql as $$
    select is((select c.lead_status from public.contacts c where c.org_id = p_org and c.phone = p_phone), p_status, 'the contact is ' || p_status) $$;
create function pg_temp.ring(p_org uuid, p_name text, p_report jsonb, p_values jsonb default '{}') returns uuid language plpgsql as $$
declare v_id constant uuid := tests.rung(p_org, p_name, p_values);
begin perform tests.recorded(v_id, p_report); return v_id; end $$;

-- The states.
select pg_temp.ring(:'org', 'missed', '{"endedReason": "customer-busy"}') as missed \gset
select pg_temp.is_now(:'org', 'new');
select is_empty(format('select from public.leads where org_id = %L', :'org'), 'nobody was reached: there is no lead');
select pg_temp.ring(:'org', 'out', pg_temp.report(), '{"call_direction": "outbound", "from_number": "+442071230000", "to_number": "+447700900123"}') as out \gset
select pg_temp.is_now(:'org', 'contacted');
select is((select last_contacted_at from public.contacts where org_id = :'org'), '2026-03-02 10:00+00', 'it was contacted when the call began');
select pg_temp.ring(:'org', 'in', pg_temp.report()) as "in" \gset
select pg_temp.is_now(:'org', 'lost');
select is((select row(stage, value_pence, source)::text from public.leads where call_id = :'in'), '(cold,0,inbound_call)', 'the lead is as warm as its score');
select pg_temp.ring(:'org', 'out again', pg_temp.report(), '{"call_direction": "outbound"}') as again \gset
select pg_temp.is_now(:'org', 'lost');
select tests.rung(:'org', 'books') as books \gset
select tests.booked_for(:'org', jsonb_build_object('call_id', :'books')) as a \gset
select lives_ok(format('select tests.recorded(%L, %L)', :'books', pg_temp.report()), 'the contact calls again and books');
select pg_temp.is_now(:'org', 'booked');
select pg_temp.ring(:'org', 'asks', pg_temp.report()) as asks \gset
select pg_temp.is_now(:'org', 'booked');

-- Better word of the same call begins where the call began.
select tests.rung(:'org', 'better', '{"phone_number": "+447700900124"}') as better \gset
select lives_ok(format('select tests.recorded(%L, %L, %L)', :'better', pg_temp.report(), 'poll'), 'the provider says that a caller was lost');
select pg_temp.is_now(:'org', 'lost', '+447700900124');
select lives_ok(format('select tests.recorded(%L, %L)', :'better', pg_temp.report('{"endedReason": "pipeline-error-openai-voice-failed"}')), 'the report, that a fault ended the call');
select pg_temp.is_now(:'org', 'new', '+447700900124');
update public.contacts set lead_status = 'warm' where org_id = :'org' and phone = '+447700900124';
select lives_ok(format('select tests.recorded(%L, %L)', :'better', pg_temp.report('{"endedReason": "pipeline-error-openai-voice-failed", "cost": 1}')), 'and says it again, after somebody changed the state');
select pg_temp.is_now(:'org', 'warm', '+447700900124');

-- Hot leads.
insert into public.services (org_id, name, price_pence, keywords) values (:'org', 'Gold leaf', 900000, '{gold leaf}');
create function pg_temp.hot() returns jsonb language sql as $$
    select pg_temp.report('{"analysis": {"structuredData": {"urgency": "critical", "sentiment": "positive"}}, "artifact": {"transcript": "User: gold leaf, now!"}}') $$;
select pg_temp.ring(:'org', 'hot', pg_temp.hot(), '{"phone_number": "+447700900125", "caller_name": "Ann"}') as hot \gset
select results_eq(format('select score, reason, sms_message_id from public.hot_lead_alerts where call_id = %L', :'hot'),
    $$ values (95, 'Score 95, critical urgency, worth £9000.00.', null::uuid) $$, 'who scores 70 or more is an alert');
select is((select count(*) from private.emails where org_id = :'org' and template = 'hot_lead'), 1::bigint, 'without a number to text from, the admins get an email');
select is((select text ~ 'Ann called from \+447700900125' from private.emails where org_id = :'org' and template = 'hot_lead'), true, 'that says who called');
select is((select payload ->> 'score' from private.events where org_id = :'org' and kind = 'lead.hot'), '95', 'open screens hear of it');
select is((select services_interested from public.contacts where org_id = :'org' and phone = '+447700900125'), '{"Gold leaf"}', 'and the contact is interested in it');
select lives_ok(format('select tests.recorded(%L, %L)', :'hot', pg_temp.hot() || '{"cost": 1}'), 'the report comes again, with its cost');
select is((select count(*) from public.hot_lead_alerts where call_id = :'hot'), 1::bigint, 'an alert is once a call');
select is((select count(*) from private.events where org_id = :'org' and kind = 'lead.hot'), 1::bigint, 'and told once');
select is((select count(*) from public.leads where call_id = :'hot'), 1::bigint, 'a lead too');
select is((select row(stage, value_pence)::text from public.leads where call_id = :'hot'), '(hot,900000)', 'a hot one');
select lives_ok(format('select tests.recorded(%L, %L)', :'hot', '{"endedReason": "customer-busy", "startedAt": null, "cost": 2}'), 'a report without times comes');
select is((select row(stage, value_pence)::text from public.leads where call_id = :'hot'), '(hot,900000)', 'and takes away nothing');

select * from finish();
rollback;
