-- A recording's state goes forward: one that is there stays there.
begin;
set local search_path = pg_catalog, extensions, pg_temp;
select plan(13);

select tests.freeze_time('2026-03-02 10:00+00');
select tests.org('Recording') as org \gset
select tests.rung(:'org', 'c') as call \gset
create function pg_temp.shown(p_call uuid) returns text language sql as $$
    select concat_ws(' ', c.recording_status, c.recording_url) from public.calls c where c.id = p_call $$;

select is(private.update_recording_status(:'call', 'pending'), true, 'a recording is to come');
select is(private.update_recording_status(:'call', 'pending'), false, 'which is news once');
select is(private.update_recording_status(:'call', 'failed'), true, 'it fails');
select is(private.update_recording_status(:'call', 'completed', 'https://storage.example.com/a.wav'), true, 'and comes after all');
select is(pg_temp.shown(:'call'), 'completed https://storage.example.com/a.wav', 'with its address');
select is(private.update_recording_status(:'call', 'processing'), false, 'a late word of its making changes nothing');
select is(pg_temp.shown(:'call'), 'completed https://storage.example.com/a.wav', 'it stays');
select is(private.update_recording_status(:'call', 'completed', 'https://storage.example.com/b.wav'), true, 'a new address takes the old one''s place');
select is((select count(*) from private.events where org_id = :'org' and kind = 'call.recording'), 4::bigint, 'open screens hear of each change');
select tests.throws_code(format($$ select private.update_recording_status(%L, 'lost') $$, :'call'), 'recording_status_invalid', 'a state there is not is refused');
select tests.throws_code(format($$ select private.update_recording_status(%L, 'completed', 'file:///etc/passwd') $$, :'call'), 'recording_status_invalid', 'so is an address that is none');
select tests.throws_code(format($$ select private.update_recording_status(%L, 'completed') $$, gen_random_uuid()), 'call_not_found', 'or a call there is not');
select is((select array_agg((tests.recorded(:'call', j::jsonb)).recording_status) from unnest(array['{}', '{"cost": 1}']) j), '{completed,completed}', 'a report without an address takes none away');

select * from finish();
rollback;
