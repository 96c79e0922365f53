begin;
set local search_path = pg_catalog, extensions, pg_temp;
select plan(36);

select tests.org() as org, tests.org() as other \gset
select tests.user(:'org', 'user') as person, tests.admin(:'other') as stranger,
       tests.api_key(:'org', '{calls:read}') as key, tests.api_key(:'org', '{services:read}') as reader, gen_random_uuid() as call \gset
insert into public.calls (org_id, id, call_direction, status, vapi_call_id) values (:'org', :'call', 'inbound', 'completed', 'vapi-1');
create function pg_temp.recorded(p_status text, p_url text default 'https://example.com/r.wav') returns void language sql as
    $$ update public.calls c set recording_status = p_status, recording_url = p_url where c.vapi_call_id = 'vapi-1' $$;

-- By whoever is signed in.
select tests.as_user(:'person');
select tests.throws_code(format('select public.call_recording(%L)', :'call'), 'recording_not_found', 'a call that was not recorded has none');
select tests.throws_code(format('select public.call_recording(%L)', gen_random_uuid()), 'call_not_found');
select tests.as_owner();
select pg_temp.recorded('pending', null);
select tests.as_user(:'person');
select tests.throws_code(format('select public.call_recording(%L)', :'call'), 'recording_not_ready', 'one that is under way is not ready');
select tests.as_owner();
select tests.throws_code(format('select private.create_recording_link(%L, %L, null)', :'org', :'call'), 'recording_not_ready', 'nor can it be shared yet');
select pg_temp.recorded('processing', null);
select tests.as_user(:'person');
select tests.throws_code(format('select public.call_recording(%L)', :'call'), 'recording_not_ready');
select tests.as_owner();
select pg_temp.recorded('failed', null);
select tests.as_user(:'person');
select tests.throws_code(format('select public.call_recording(%L)', :'call'), 'recording_not_found', 'one that failed is none');
select tests.as_owner();
select pg_temp.recorded('completed');
select tests.as_user(:'person');
select is(public.call_recording(:'call'), (:'call', 'vapi-1')::public.recording_source, 'one that is complete is fetched by the provider''s id of the call');
select tests.as_user(:'stranger');
select tests.throws_code(format('select public.call_recording(%L)', :'call'), 'call_not_found', 'another organisation''s call is not there');
select tests.as_api_key(:'key');
select is((public.call_recording(:'call')).call_id, :'call', 'a key hears with its scope');
select tests.as_api_key(:'reader');
select tests.throws_code(format('select public.call_recording(%L)', :'call'), 'scope_missing');
select tests.as_anon();
select throws_ok(format('select public.call_recording(%L)', :'call'), '42501');

-- By a link.
select tests.as_owner();
select private.create_recording_link(:'org', :'call', :'person', '2026-11-21 12:00+00') as token,
       private.create_recording_link(:'org', :'call', null, '2026-11-21 12:00+00') as again \gset
select matches(:'token'::text, '^[A-Za-z0-9_-]{43}$', 'a link''s token fits an address, and has 256 bits');
select isnt(:'token'::text, :'again'::text, 'each is another');
select is((select count(*) from private.recording_links l where l.org_id = :'org' and l.call_id = :'call' and l.expires_at = '2026-11-22 12:00+00'), 2::bigint, 'each is good for 24 hours');
select is((select array_agg(l.created_by) filter (where l.created_by is not null) from private.recording_links l), array[:'person'::uuid], 'who shared it is on record');
select is_empty(format($$ select l from private.recording_links l where l::text like '%%' || %L || '%%' or position(convert_to(%L, 'utf8') in l.token_hash) > 0 $$, :'token', :'token'), 'the token itself is kept nowhere');
select is(private.recording_of_token(:'token', '2026-11-22 11:59:59+00'), (:'call', 'vapi-1')::public.recording_source, 'it leads to the recording');
select is(private.recording_of_token(:'token', '2026-11-21 12:00+00'), (:'call', 'vapi-1')::public.recording_source, 'as often as it is asked');
select tests.throws_code(format('select private.recording_of_token(%L, %L)', :'token', '2026-11-22 12:00+00'), 'recording_not_found', 'until it expires');
select tests.throws_code(format('select private.recording_of_token(%L, %L)', repeat('A', 43), '2026-11-21 13:00+00'), 'recording_not_found', 'one that never was is answered alike');
select tests.throws_code($$ select private.recording_of_token(null) $$, 'recording_not_found');
select tests.throws_code($$ select private.recording_of_token('') $$, 'recording_not_found');
select tests.throws_code(format('select private.recording_of_token(encode(l.token_hash, %L)) from private.recording_links l limit 1', 'base64'), 'recording_not_found', 'whoever reads the hashes has no token');
select pg_temp.recorded('completed', null);
select tests.throws_code(format('select private.recording_of_token(%L, %L)', :'token', '2026-11-21 13:00+00'), 'recording_not_found', 'a recording that was erased is not heard by a link made before');
select tests.as_user(:'person');
select tests.throws_code(format('select public.call_recording(%L)', :'call'), 'recording_not_found', 'nor by anybody');
select tests.as_owner();
select tests.throws_code(format('select private.create_recording_link(%L, %L, null)', :'org', :'call'), 'recording_not_found', 'nor shared');
select pg_temp.recorded('completed');
update public.organizations o set suspended_at = now() where o.id = :'org';
select tests.throws_code(format('select private.recording_of_token(%L, %L)', :'token', '2026-11-21 13:00+00'), 'recording_not_found', 'a suspended organisation''s links open nothing');
update public.organizations o set suspended_at = null where o.id = :'org';
select tests.throws_code(format('select private.create_recording_link(%L, %L, null)', :'other', :'call'), 'call_not_found', 'nobody shares another organisation''s call');
select is(private.drop_old_recording_links('2026-11-22 11:00+00'), 0::bigint, 'links that are good stay');
select is(private.drop_old_recording_links('2026-11-22 12:00+00'), 2::bigint, 'expired ones go');
select is((select count(*) from private.recording_links), 0::bigint, 'all of them');
select tests.as_user(:'person');
select throws_ok($$ select private.recording_of_token('x') $$, '42501', null, 'no client asks for tokens');
select throws_ok(format('select private.create_recording_link(%L, %L, null)', :'org', :'call'), '42501', null, 'or makes them past the action');
select throws_ok('select 1 from private.recording_links', '42501', null, 'or reads their hashes');
select tests.as_service();
select tests.throws_code($$ select private.recording_of_token('x') $$, 'recording_not_found', 'the server asks');
select throws_ok(format('select private.create_recording_link(%L, %L, null)', :'org', :'call'), '42501', null, 'and makes none by itself');
select tests.as_owner();

select * from finish();
rollback;
