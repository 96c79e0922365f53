begin;
set local search_path = pg_catalog, extensions, pg_temp;
select plan(19);

select '2026-11-23 10:00+00'::timestamptz as t, tests.org('Smile') as org, tests.org('Other') as other \gset
select tests.user(:'org') as member, tests.user(:'other') as stranger \gset
insert into public.contacts (org_id, phone) values (:'org', '+447700900123') returning id as contact \gset
insert into public.calls (org_id, contact_id, call_direction, phone_number, vapi_call_id, status, started_at, created_at, recording_status, recording_url)
values (:'org', :'contact', 'inbound', '+447700900123', 'v-1', 'completed', :'t', :'t', 'completed', 'https://storage.example/r.wav') returning id as call \gset
insert into public.calls (org_id, call_direction, status) values (:'org', 'inbound', 'completed') returning id as silent \gset
create function pg_temp.share(p_call uuid, p_email text default 'Anna@Family.Example', p_at timestamptz default '2026-11-23 10:00+00') returns public.shared_recording language sql as $$ select private.share_recording(p_call, p_email, p_at); $$;
grant execute on function pg_temp.share(uuid, text, timestamptz) to authenticated;
select private.configure_links('https://api.clinic.example/');

select tests.as_user(:'stranger');
select tests.throws_code(format('select pg_temp.share(%L)', :'call'), 'call_not_found', 'nobody shares another organisation''s calls');
select tests.as_user(:'member');
select tests.throws_code(format('select pg_temp.share(%L, %L)', :'call', x), 'email_address_invalid', coalesce(nullif(x, ''), 'nobody')) from unnest(array['', 'anna', 'anna@', 'anna@home', 'a@b.example, c@d.example', 'Anna <a@b.example>']) as x;
select tests.throws_code(format('select pg_temp.share(%L)', :'silent'), 'recording_not_found', 'what was not recorded is not shared');
select is((pg_temp.share(:'call'))::text, '(t,anna@family.example)', 'a recording is shared');
select tests.as_owner();
select results_eq(format('select contact_id, call_id, direction, method, purpose, recipient, status from public.messages where org_id = %L', :'org'),
    format($$ values (%L::uuid, %L::uuid, 'out', 'email', 'share', 'anna@family.example', 'queued') $$, :'contact', :'call'), 'on record');
select is((select content ~ 'api.clinic' or content ~ 'recordings' from public.messages where org_id = :'org'), false, 'which is not where the link is');
select (regexp_match(e.text, 'https://api.clinic.example/api/recordings/([A-Za-z0-9_-]{43})\M'))[1] as token from private.emails e where e.org_id = :'org' and e.template = 'recording_shared' \gset
select is((select r.call_id from private.recording_links r where r.token_hash = private.recording_token_hash(:'token')), :'call'::uuid, 'the email has a link to it');
select is((select r.expires_at from private.recording_links r where r.call_id = :'call'), '2026-11-24 10:00+00'::timestamptz, 'for a day');
select is((select created_by from private.recording_links where call_id = :'call'), :'member'::uuid, 'with who shared it');
select tests.as_user(:'member');
select is((pg_temp.share(:'call', p_at => '2026-11-23 11:00+00')).success, true, 'shared again it is another link');
select tests.as_owner();
select is((select count(*) from private.recording_links where call_id = :'call'), 2::bigint, 'with a day of its own');

-- What becomes of the email.
select tests.answered(:'org', 'resend.email', '{"id": "re_1"}') \gset
select is((select status || ' ' || external_message_id from public.messages where external_message_id = 're_1'), 'sent re_1', 'what becomes of the email becomes of the message');
select private.process_resend_event('{"type": "email.bounced", "data": {"email_id": "re_1", "bounce": {"type": "Permanent", "message": "no"}}}') \gset
select is((select status || ' ' || error_code from public.messages where external_message_id = 're_1'), 'failed bounced', 'one that came back has failed');
select tests.as_user(:'member');
select tests.throws_code(format('select pg_temp.share(%L)', :'call'), 'email_suppressed', 'and is not tried again');

select * from finish();
rollback;
