begin;
set local search_path = pg_catalog, extensions, pg_temp;
select plan(24);

select '2026-11-23 10:00+00'::timestamptz as t, tests.funded(5000) as org, tests.funded(5000) as other \gset
select tests.user(:'org') as member, tests.user(:'other') as stranger \gset
select tests.bought_number(:'org', 'outbound', '+442071230002') \gset
insert into public.contacts (org_id, phone) values (:'org', '+447700900123') returning id as contact \gset
insert into public.calls (org_id, contact_id, call_direction, phone_number) values (:'org', :'contact', 'inbound', '+447700900123') returning id as call \gset
insert into public.calls (org_id, contact_id, call_direction, phone_number) values (:'org', :'contact', 'inbound', '+447700900123') returning id as again \gset
insert into public.calls (org_id, call_direction, phone_number, caller_name) values (:'org', 'inbound', '+447700900124', 'Ann Lee') returning id as unknown \gset
insert into public.calls (org_id, call_direction) values (:'org', 'inbound') returning id as withheld \gset
create function pg_temp.follow(p_call uuid, p_text text default 'Thank you for calling.', p_at timestamptz default '2026-11-23 10:00+00') returns jsonb language sql as $$ select private.send_followup(p_call, p_text, p_at); $$;
create function pg_temp.counted(p_org uuid) returns text language sql security definer as $$ select string_agg(format('%s %s', purpose, status), ', ' order by created_at, purpose) from public.messages where org_id = p_org; $$;
grant execute on function pg_temp.follow(uuid, text, timestamptz), pg_temp.counted(uuid) to authenticated;

select tests.as_user(:'stranger');
select tests.throws_code(format('select pg_temp.follow(%L)', :'call'), 'call_not_found', 'nobody writes to another organisation''s callers');
select tests.as_user(:'member');
select tests.throws_code(format('select pg_temp.follow(%L)', gen_random_uuid()), 'call_not_found');
select tests.throws_code(format('select pg_temp.follow(%L, %L)', :'call', x), 'followup_invalid', 'a text of ' || length(x)) from unnest(array['', '   ', repeat('x', 161)]) as x;
select tests.throws_code(format('select pg_temp.follow(%L, null)', :'call'), 'followup_invalid', 'none');
select tests.throws_code(format('select pg_temp.follow(%L)', :'withheld'), 'contact_without_phone', 'who withheld their number cannot be written to');
select pg_temp.counted(:'org') as before \gset

select pg_temp.follow(:'call', repeat('x', 160)) as answer \gset
select is(:'answer'::jsonb - 'messageId', '{"success": true, "phone": "+447700900123"}', 'it is on its way');
select tests.as_owner();
select is((select concat_ws(' ', contact_id, call_id, purpose, length(content), status) from public.messages where id = (:'answer'::jsonb ->> 'messageId')::uuid), format('%s %s followup 160 queued', :'contact', :'call'), 'on record, with whom and about what');
select is((select last_contacted_at from public.contacts where id = :'contact'), :'t', 'which is a contact');
select tests.as_user(:'member');
select tests.refuses_code(format('select pg_temp.follow(%L, %L, %L)', :'call', 'Again', '2026-11-23 10:59:59+00'), 'followup_limited', 'one an hour');
select tests.refuses_code(format('select pg_temp.follow(%L, %L, %L)', :'again', 'Again', '2026-11-23 10:59:59+00'), 'followup_limited', 'whichever of their calls it is about');
select pg_temp.follow(:'call', 'Again', '2026-11-23 10:40+00') \gset
select is(current_setting('response.headers'), '[{"Retry-After": "1200"}]', 'and how long to wait');
select is(pg_temp.counted(:'org'), 'followup queued', 'a refused one is no message');
select lives_ok(format('select pg_temp.follow(%L)', :'unknown'), 'somebody else is written to');
select tests.as_owner();
select is((select concat_ws(' ', first_name, last_name) from public.contacts where org_id = :'org' and phone = '+447700900124'), 'Ann Lee', 'who becomes a contact');
select tests.as_user(:'member');
select lives_ok(format('select pg_temp.follow(%L, %L, %L)', :'call', 'Again', '2026-11-23 11:00:00+00'), 'an hour later they are written to again');

-- What does not count.
select tests.as_owner();
select private.send_sms(:'org', :'contact', null, '+447700900123', 'Tomorrow at ten', 'reminder', '2026-11-23 13:50+00') \gset
insert into public.messages (org_id, contact_id, direction, method, purpose, recipient, content, created_at) values (:'org', :'contact', 'in', 'sms', 'reply', '+442071230002', 'OK', '2026-11-23 13:55+00');
select tests.as_user(:'member');
select pg_temp.follow(:'call', 'See you', '2026-11-23 14:00+00') as answer \gset
select is(:'answer'::jsonb ->> 'success', 'true', 'reminders and replies do not count');
select tests.as_owner();
select tests.answered(:'org', 'twilio.send_sms', '{"refused": "sms_refused", "error_code": "30006"}', p_now => '2026-11-23 14:00+00') \gset
select tests.as_user(:'member');
select pg_temp.follow(:'call', 'See you', '2026-11-23 14:01+00') as answer \gset
select is(:'answer'::jsonb ->> 'success', 'true', 'nor does one that was never sent');

-- STOP.
select tests.as_owner();
select private.set_sms_opt_out(:'org', '+447700900123', true, '2026-11-23 16:00+00');
select tests.as_user(:'member');
select tests.throws_code(format('select pg_temp.follow(%L, %L, %L)', :'call', 'See you', '2026-11-23 17:00+00'), 'sms_opted_out', 'who said STOP is not written to');
select tests.as_owner();
select is((select last_contacted_at from public.contacts where id = :'contact'), '2026-11-23 14:01+00'::timestamptz, 'and was not contacted');

-- As a client calls it.
select tests.as_owner();
insert into public.calls (org_id, call_direction, phone_number) values (:'org', 'inbound', '+447700900125') returning id as another \gset
select tests.as_user(:'member');
select is(public.send_followup(:'another', 'Hello') ->> 'phone', '+447700900125', 'it is a function of clients');
select tests.as_anon();
select throws_ok(format('select public.send_followup(%L, %L)', :'unknown', 'Hello'), '42501', null, 'who have signed in');
select tests.as_api_key(tests.api_key(:'org', '{calls:read}'));
select tests.throws_code(format('select public.send_followup(%L, %L)', :'unknown', 'Hello'), 'scope_missing', 'a key that reads writes to nobody');

select * from finish();
rollback;
