-- Words and recordings are kept as long as an organisation says, and no longer; that there was a call stays.
begin;
set local search_path = pg_catalog, extensions, pg_temp;
select plan(14);

select tests.freeze_time('2026-03-02 10:00+00');
select tests.org('Words') as org, tests.org('Words For Ever') as other \gset
update public.organizations set retention_transcripts_days = 30, retention_recordings_days = 7 where id = :'org';
create function pg_temp.call_of(p_org uuid, p_days integer) returns uuid language sql as $$
    select tests.rung(p_org, p_days || ' days', jsonb_build_object(
        'created_at', tests.now() - make_interval(days => p_days), 'transcript', 'Words.', 'summary', 'Words.', 'sentiment_summary', 'Words.',
        'turns', '[{"role": "agent", "text": "Words."}]'::jsonb, 'recording_url', 'https://storage.example.com/a.wav', 'recording_status', 'completed',
        'outcome', 'It came to this.', 'status', 'completed', 'cost_cents', 56, 'duration_seconds', 60)) $$;
select pg_temp.call_of(:'org', 31) as old, pg_temp.call_of(:'org', 29) as younger, pg_temp.call_of(:'org', 6) as new, pg_temp.call_of(:'other', 900) as theirs \gset
insert into private.tool_runs (org_id, call_id, tool_call_id, tool_name, arguments, result, ok)
select :'org', c, 't', 'takeMessage', '{"message": "Words."}', 'Words.', true from unnest(array[:'old', :'new']::uuid[]) as c;
insert into private.recording_links (token_hash, org_id, call_id, expires_at)
select sha256(c::text::bytea), :'org', c, tests.now() + interval '1 day' from unnest(array[:'old', :'new']::uuid[]) as c;
insert into private.webhook_inbox (provider, event_id, body, state, next_attempt_at, received_at, finished_at, org_id, answer)
select 'vapi', 'words ' || d, '{"transcript": "Words."}', case when f then 'processed' else 'received' end, tests.now(),
       tests.now() - make_interval(days => d), case when f then tests.now() end, :'org', '{}'
from (values (31, true), (32, false), (1, true)) as w (d, f);

select is(private.erase_old_words(tests.now()), 3, 'an old transcript and two old recordings are erased');
select results_eq(format('select transcript, summary, sentiment_summary, turns, recording_url, recording_status from public.calls where id = %L', :'old'),
    $$ values (null::text, null::text, null::text, '[]'::jsonb, null::text, 'none') $$, 'nothing that was said is left of the call');
select results_eq(format('select outcome, status, cost_cents, duration_seconds from public.calls where id = %L', :'old'),
    $$ values ('It came to this.', 'completed', 56::bigint, 60) $$, 'what came of it, how long it was and what it cost is');
select results_eq(format('select transcript, recording_url from public.calls where id = %L', :'younger'), $$ values ('Words.', null::text) $$, 'recordings have a time of their own');
select results_eq(format('select transcript, recording_url from public.calls where id = %L', :'new'), $$ values ('Words.', 'https://storage.example.com/a.wav') $$, 'a new call keeps both');
select results_eq(format('select transcript, recording_url from public.calls where id = %L', :'theirs'), $$ values ('Words.', 'https://storage.example.com/a.wav') $$, 'who set no time keeps everything');
select results_eq(format('select arguments, result from private.tool_runs where call_id = %L', :'old'), $$ values ('{}'::jsonb, '[erased]') $$, 'what a tool was told goes with the words');
select is((select result from private.tool_runs where call_id = :'new'), 'Words.', 'a new one''s does not');
select is((select array_agg(call_id) from private.recording_links where org_id = :'org'), array[:'new']::uuid[], 'links to a recording go with it');
select is((select convert_from(body, 'UTF8') from private.webhook_inbox where event_id = 'words 31'), '{}', 'what Vapi sent goes too');
select is((select convert_from(body, 'UTF8') from private.webhook_inbox where event_id = 'words 32'), '{"transcript": "Words."}', 'unless it is still to be worked on');
select is((select convert_from(body, 'UTF8') from private.webhook_inbox where event_id = 'words 1'), '{"transcript": "Words."}', 'or is new');
select is(private.erase_old_words(tests.now()), 0, 'the next hour there is nothing to do');
select is(private.erase_old_words(tests.now() + interval '30 days'), 3, 'until more is old');

select * from finish();
rollback;
