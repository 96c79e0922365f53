-- A report says of a call what stands in it, under the names of our columns, and an organisation keeps of it what it wants kept.
begin;
set local search_path = pg_catalog, extensions, pg_temp;
select plan(14);

select tests.org() as org, tests.org() as strict, tests.org() as open \gset
insert into public.call_settings (org_id, redact_identifiers, redact_health) values (:'strict', true, true), (:'open', false, false);

select is(private.report_facts('{"startedAt": "2026-03-02T10:00:00Z", "endedAt": "2026-03-02T10:01:00Z", "endedReason": " customer-ended-call ", "transcript": "AI: Hello.\nUser: Hi.",
    "summary": "A call.", "cost": 0.11, "recordingUrl": "https://a.example/x.wav", "customer": {"number": "+447700900123", "name": "Jane Smith"},
    "call": {"phoneCallProviderId": "CA1"}, "destination": {"number": "+442071230000"}, "compliance": {"recordingConsent": {"grantedAt": "2026-03-02T10:00:00Z"}},
    "analysis": {"structuredData": {"sentiment": "positive"}}}'),
    '{"started_at": "2026-03-02T10:00:00+00:00", "ended_at": "2026-03-02T10:01:00+00:00", "duration_seconds": 60, "ended_reason": "customer-ended-call", "transcript": "AI: Hello.\nUser: Hi.",
      "summary": "A call.", "provider_cost": 0.11, "recording_url": "https://a.example/x.wav", "phone_number": "+447700900123", "caller_name": "Jane Smith", "provider_call_sid": "CA1",
      "transfer_to": "+442071230000", "consent": true, "sentiment_label": "positive",
      "turns": [{"role": "agent", "text": "Hello.", "at_seconds": null}, {"role": "caller", "text": "Hi.", "at_seconds": null}]}', 'all that a report can say');
select is(private.report_facts(j::jsonb), '{}', 'nothing is said by ' || j)
from unnest(array['{}', 'null', '[]',
    '{"transcript": 5, "summary": "", "endedReason": null, "cost": "much", "messages": [], "call": null, "analysis": [], "customer": {"number": {}}}']) as j;
select is(private.report_facts(j::jsonb) ->> 'summary', want, j)
from (values ('{"analysis": {"summary": "One."}, "call": {"analysis": {"summary": "Two."}}, "summary": "Three."}', 'One.'),
    ('{"analysis": {}, "call": {"analysis": {"summary": "Two."}}, "summary": "Three."}', 'Two.')) as v (j, want);
select is(private.report_facts('{"call": {"endedReason": "customer-busy"}, "phoneCallProviderId": "CA2"}'), '{"ended_reason": "customer-busy", "provider_call_sid": "CA2"}',
    'what an older year put elsewhere is found there');
select is(array(select length(f.value) from jsonb_each_text(private.report_facts(jsonb_build_object('summary', repeat('x', 30000), 'endedReason', repeat('x', 300),
    'phoneCallProviderId', repeat('x', 300)))) f order by 1),
    '{200,255,20000}', 'no more than there is room for');

-- What is kept.
select '{"transcript": "4111 1111 1111 1111 diabetes", "summary": "4111 1111 1111 1111 diabetes", "sentiment_summary": "4111 1111 1111 1111", "transfer_reason": "4111 1111 1111 1111",
    "caller_name": "4111 1111 1111 1111", "duration_seconds": 9, "turns": [{"role": "agent", "text": "Yes?", "at_seconds": 0.5}, {"role": "caller", "text": "4111 1111 1111 1111 diabetes", "at_seconds": null}]}' as facts \gset
select private.redact_call_text(:'org', '4111 1111 1111 1111') as card, private.redact_health('diabetes') as health \gset
select is(private.redact_facts(:'open', :'facts'), :'facts'::jsonb, 'who keeps everything keeps everything');
select is(private.redact_facts(:'org', :'facts'), replace(:'facts', '4111 1111 1111 1111', :'card')::jsonb || '{"caller_name": "4111 1111 1111 1111"}',
    'else no numbers of cards, in what was said, what it was about and why');
select is(private.redact_facts(:'strict', :'facts') - 'caller_name', replace(replace(:'facts', '4111 1111 1111 1111', :'card'), 'diabetes', :'health')::jsonb - 'caller_name',
    'nor health details, for who wants none');
select is(private.redact_facts(:'org', '{"duration_seconds": 9}'), '{"duration_seconds": 9}', 'what was not said is not made up');
select is(private.redact_facts(:'org', '{"turns": []}'), '{"turns": []}', 'nor is a turn');

select * from finish();
rollback;
