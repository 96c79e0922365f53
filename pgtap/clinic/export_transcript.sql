begin;
set local search_path = pg_catalog, extensions, pg_temp;
select plan(21);

select '2026-11-23 10:00+00'::timestamptz as t, tests.org('Smile') as org, tests.org('Other') as other \gset
select tests.user(:'org') as member, tests.user(:'other') as stranger \gset
update public.organizations set timezone = 'Europe/Berlin' where id = :'org';
insert into public.calls (org_id, call_direction, phone_number, caller_name, status, started_at, duration_seconds, transcript)
values (:'org', 'inbound', '+447700900123', 'Mary Jones', 'completed', :'t', 75, E'AI: Hello.\nUser: Hi.') returning id as call \gset
insert into public.calls (org_id, call_direction, status) values (:'org', 'outbound', 'completed') returning id as silent \gset
create function pg_temp.export(p_call uuid, p_format text default 'txt') returns text language sql as $$ select private.export_transcript(p_call, p_format, '2026-11-23 12:00+00'); $$;
grant execute on function pg_temp.export(uuid, text) to authenticated;

select tests.as_user(:'stranger');
select tests.throws_code(format('select pg_temp.export(%L)', :'call'), 'call_not_found', 'nobody takes another organisation''s transcripts away');
select tests.as_user(:'member');
select tests.throws_code(format('select pg_temp.export(%L, %L)', :'call', x), 'invalid_value', 'as ' || x) from unnest(array['pdf', 'TXT', '']) as x;
select tests.throws_code(format('select pg_temp.export(%L)', :'silent'), 'transcript_not_found', 'what was not said is not to be had');
select is(pg_temp.export(:'call'), E'Call from Mary Jones, +447700900123\r\n23 Nov 2026, 11:00 (Europe/Berlin)\r\nLength: 00:01:15\r\n\r\nAI: Hello.\r\nUser: Hi.\r\n', 'a file for a person, on the clinic''s clock');
select tests.as_owner();
select results_eq(format('select call_id, direction, method, purpose, status, sent_at, content ~ %L from public.messages where org_id = %L', 'Hello', :'org'),
    format($$ values (%L::uuid, 'out', 'export', 'export', 'delivered', '2026-11-23 12:00+00'::timestamptz, false) $$, :'call'), 'that it left is on record');
select is((select m.recipient from public.messages m where m.org_id = :'org'), (select email from public.profiles where id = :'member'), 'and to whom');
select tests.as_api_key(tests.api_key(:'org', '{calls:read}'));
select matches(public.export_transcript(:'call'), '^Call from Mary', 'a key that reads takes it, too');
select tests.as_owner();
select is((select count(*) from public.messages where org_id = :'org' and recipient = 'API key A test''s key'), 1::bigint, 'which is on record likewise');
select is((select count(*) from public.messages where org_id = :'org'), 2::bigint, 'refused ones are not');

-- The file.
create function pg_temp.file(p_values jsonb) returns text language sql as $$
    select private.transcript_file(jsonb_populate_record(null::public.calls,
        '{"call_direction": "inbound", "phone_number": "+447700900123", "created_at": "2026-11-23 10:00+00",
        "transcript": "AI: Hello."}'::jsonb || p_values), 'Europe/Berlin') $$;
select is(split_part(pg_temp.file(v), E'\r\n', 1), e, 'it begins: ' || e)
from (values ('{}'::jsonb, 'Call from +447700900123'), ('{"caller_name": "Mary"}', 'Call from Mary, +447700900123'),
    ('{"caller_name": "Mary", "phone_number": null}', 'Call from Mary'),
    ('{"phone_number": null}', 'Call from a withheld number'), ('{"call_direction": "outbound"}', 'Call to +447700900123')) as t (v, e);
select is(split_part(pg_temp.file('{"started_at": "2026-07-01 22:30+00"}'), E'\r\n', 2), '02 Jul 2026, 00:30 (Europe/Berlin)',
    'then when it began, on the clinic''s clock');
select is(split_part(pg_temp.file('{}'), E'\r\n', 2), '23 Nov 2026, 11:00 (Europe/Berlin)', 'or when it came');
select is(split_part(pg_temp.file(jsonb_build_object('duration_seconds', s)), E'\r\n', 3), e, 'then how long it was: ' || coalesce(s::text, 'nobody knows'))
from (values (3675, 'Length: 01:01:15'), (null, '')) as t (s, e);
select is(pg_temp.file(jsonb_build_object('transcript', E'AI: A.\nUser: B.\r\n\nAI: C.')),
    E'Call from +447700900123\r\n23 Nov 2026, 11:00 (Europe/Berlin)\r\n\r\nAI: A.\r\nUser: B.\r\n\r\nAI: C.\r\n',
    'then what was said, its lines ending as such files'' do');

select * from finish();
rollback;
