begin;
set local search_path = pg_catalog, extensions, pg_temp;
select plan(13);

select tests.org() as org, tests.org() as other \gset
select tests.user(:'org', 'user') as person, tests.user(:'org', 'manager') as manager, tests.admin(:'other') as stranger,
       tests.api_key(:'org', '{calls:read}') as key, tests.api_key(:'org', '{services:read}') as reader,
       gen_random_uuid() as contact, gen_random_uuid() as call, gen_random_uuid() as appointment \gset
create function pg_temp.happened() returns text[] language sql as $$ select array_agg(a.kind || ': ' || a.text) from public.recent_activity() a $$;
grant execute on function pg_temp.happened() to authenticated;

select tests.as_user(:'person');
select is(pg_temp.happened(), null, 'nothing happened yet');
select tests.as_owner();
select private.add_credits(:'org', 2500, 'topup', 'a', 'Top-up', p_now => '2026-11-21 09:00+00');
insert into public.contacts (org_id, id, phone, first_name, last_name) values (:'org', :'contact', '+447700900123', 'Ann', 'Long');
insert into public.calls (org_id, id, call_direction, status, created_at, caller_name, booking_confirmed) values
    (:'org', :'call', 'inbound', 'completed', '2026-11-21 10:00+00', 'Ann Long', true);
insert into public.calls (org_id, call_direction, status, created_at, phone_number) values (:'org', 'outbound', 'failed', '2026-11-21 10:01+00', '+447700900124');
insert into public.appointments (org_id, id, title, scheduled_at, busy_until, created_at) values (:'org', :'appointment', 'Whitening', '2026-12-01 09:00+00', '2026-12-01 09:30+00', '2026-11-21 10:02+00');
insert into public.hot_lead_alerts (org_id, contact_id, call_id, score, reason, created_at) values (:'org', :'contact', :'call', 85, 'Urgent', '2026-11-21 10:03+00');
insert into public.messages (org_id, contact_id, direction, method, purpose, recipient, content, created_at) values (:'org', :'contact', 'out', 'sms', 'followup', '+447700900123', 'See you.', '2026-11-21 10:04+00');

select tests.as_user(:'person');
select is(array(select unnest(pg_temp.happened()) order by 1), array[
    'booking: Whitening was booked', 'call: +447700900124 was called, without success', 'call: Ann Long called and booked',
    'hot_lead: Ann Long may be worth ringing back, score 85', 'message: A message to +447700900123'], 'everyone sees calls, bookings, hot leads and messages');
select is((select array_agg(a.kind order by a.at desc) from public.recent_activity() a), (select array_agg(a.kind) from public.recent_activity() a), 'newest first');
select is((select array_agg(a.path) from public.recent_activity() a), array[
    '/dashboard/leads/' || :'contact', '/dashboard/leads/' || :'contact', '/dashboard/appointments/' || :'appointment',
    (select '/dashboard/calls/' || c.id from public.calls c where c.status = 'failed'), '/dashboard/calls/' || :'call'], 'each says where to click');
select tests.as_user(:'manager');
select is((select a.text || ' ' || a.path from public.recent_activity() a where a.kind = 'topup'), '£25.00 came into the wallet /dashboard/wallet', 'managers see money as well');
select tests.as_user(:'stranger');
select is(pg_temp.happened(), null, 'another organisation sees nothing of it');
select tests.as_api_key(:'key');
select is((select array_agg(distinct a.kind order by a.kind) from public.recent_activity() a), '{call,message}', 'a key sees what its scopes say');
select tests.as_owner();
insert into public.calls (org_id, call_direction, created_at) select :'org', 'inbound', '2026-11-22'::timestamptz + n * interval '1 minute' from generate_series(1, 12) n;
insert into public.messages (org_id, direction, method, purpose, recipient, content, created_at) values (:'org', 'in', 'sms', 'reply', '+447700900125', 'Yes', '2026-11-22 00:11:30+00');
select tests.as_user(:'person');
select is((select count(*) from public.recent_activity()), 10::bigint, 'ten things are shown');
select is((pg_temp.happened())[1:2], '{"call: Somebody called","message: A message came from +447700900125"}', 'the newest of all kinds together');
select is((select a.path from public.recent_activity() a where a.kind = 'message'), '/dashboard', 'what is about nobody leads to the first page');
select tests.as_api_key(:'reader');
select tests.throws_code('select public.recent_activity()', 'scope_missing');
select tests.as_anon();
select throws_ok('select public.recent_activity()', '42501');
select tests.as_owner();
select is(private.told_call(jsonb_populate_record(null::public.calls, '{"call_direction": "inbound", "status": "in_progress", "caller_name": ""}')), 'Somebody called and is on the line', 'who gave no name is somebody');

select * from finish();
rollback;
