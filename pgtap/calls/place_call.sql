begin;
set local search_path = pg_catalog, extensions, pg_temp;
select plan(52);

-- A Monday at ten in London, and a Sunday.
select '2026-11-23 10:00+00'::timestamptz as monday, '2026-11-22 10:00+00'::timestamptz as sunday \gset
select tests.funded(5000) as org, tests.funded(5000) as other, tests.org() as poor \gset
select tests.admin(:'org') as admin, tests.user(:'org') as member \gset
insert into public.contacts (org_id, phone, first_name, last_name) values (:'org', '+447700900123', 'Mary', 'Jones') returning id as contact \gset
insert into public.contacts (org_id, phone, do_not_call) values (:'org', '+447700900124', true) returning id as shy \gset
insert into public.contacts (org_id, email) values (:'org', 'x@example.com') returning id as letters \gset
insert into public.contacts (org_id, phone) values (:'other', '+447700900123') returning id as others \gset
insert into public.contacts (org_id, phone) values (:'poor', '+447700900123') returning id as contact_of_poor \gset
create function pg_temp.back(p_contact uuid, p_at timestamptz default '2026-11-23 10:00+00') returns jsonb language sql as $$ select private.call_back(p_contact, p_at); $$;
create function pg_temp.test(p_agent uuid, p_to text, p_at timestamptz default '2026-11-23 10:00+00') returns jsonb language sql as $$ select private.test_call(p_agent, p_to, p_at); $$;
create function pg_temp.ordered(p_org uuid) returns jsonb language sql security definer as $$ select (private.call_wish(p_org, (e.payload ->> 'call_id')::uuid, e.payload ->> 'purpose', '2026-11-23 10:00+00')) - 'variable_values' from private.effects e where e.org_id = p_org and e.kind = 'vapi.create_call' order by e.id desc limit 1; $$;
create function pg_temp.kept(p_call uuid) returns text language sql security definer as $$ select concat_ws(' ', call_direction, from_number, to_number, caller_name, status, vapi_call_id, provider_call_sid, ended_reason) from public.calls where id = p_call; $$;
create function pg_temp.end_calls(p_org uuid) returns void language sql security definer as $$ update public.calls set status = 'completed' where org_id = p_org; select private.release_reserved_credits(r.call_id, 'over', 'release', '2026-11-23 10:00+00') from public.credit_reservations r where r.org_id = p_org and r.cap_released_at is null; $$;
grant execute on function pg_temp.back(uuid, timestamptz), pg_temp.test(uuid, text, timestamptz), pg_temp.ordered(uuid), pg_temp.kept(uuid), pg_temp.end_calls(uuid) to authenticated;

-- What it takes.
select tests.as_user(:'member');
select tests.throws_code(format('select pg_temp.back(%L)', :'contact'), 'agent_not_ready', 'nobody calls without an agent');
select tests.as_owner();
insert into public.agents (org_id, name, direction) values (:'org', 'Caller', 'outbound') returning id as agent \gset
select tests.as_user(:'member');
select tests.throws_code(format('select pg_temp.back(%L)', :'contact'), 'agent_not_ready', 'nor with one that is not at Vapi yet');
select tests.as_owner();
update public.agents set vapi_assistant_id = 'as-1', max_call_seconds = 300 where id = :'agent';
select tests.as_user(:'member');
select tests.throws_code(format('select pg_temp.back(%L)', :'contact'), 'no_calling_number', 'nor without a number');
select tests.as_owner();
select tests.bought_number(:'org', 'inbound', '+442071230001') \gset
select tests.as_user(:'member');
select tests.throws_code(format('select pg_temp.back(%L)', :'contact'), 'no_calling_number', 'one that only rings does not call people back');
select tests.as_owner();
select tests.verified_phone(:'org', '+447700900555') \gset
insert into public.phone_number_mapping (phone_number, org_id) values ('+447700900555', :'other');
select tests.as_user(:'member');
select tests.throws_code(format('select pg_temp.back(%L)', :'contact'), 'no_calling_number', 'nor does a phone that rings for another organisation here');
select tests.as_owner();
delete from public.phone_number_mapping where phone_number = '+447700900555';
select tests.as_user(:'member');
select pg_temp.back(:'contact') ->> 'id' as operation \gset
select is(pg_temp.ordered(:'org'), jsonb_build_object('from', '+447700900555', 'to', '+447700900123', 'name', 'Mary Jones', 'max_duration_seconds', 294,
    'account', jsonb_build_object('org_id', :'org', 'sid', 'AC' || md5(:'org'), 'type', 'subaccount')), 'a phone that was verified is shown through the account it was verified in');
select pg_temp.end_calls(:'org');
select tests.as_owner();
select tests.bought_number(:'org', 'outbound', '+442071230002') \gset
select vapi_phone_id as line from private.org_credentials where org_id = :'org' and type = 'outbound' \gset
select tests.as_user(:'member');

-- A call.
select pg_temp.back(:'contact') ->> 'id' as operation \gset
select is(pg_temp.ordered(:'org'), jsonb_build_object('from', '+442071230002', 'to', '+447700900123', 'name', 'Mary Jones', 'max_duration_seconds', 294, 'vapi_phone_id', :'line'),
    'a number of its own comes before a verified one');
select (public.placed_call(:'operation')).* \gset c_
select is(:'c_phone' || ' ' || :'c_status', '+447700900123 initiated', 'it can be followed');
select is(pg_temp.kept(:'c_callId'), 'outbound +442071230002 +447700900123 Mary Jones pending', 'it is on record before it is placed');
select is((select last_contacted_at from public.contacts where id = :'contact'), :'monday', 'its contact was contacted');
select tests.throws_code(format('select pg_temp.back(%L)', :'contact'), 'call_under_way', 'nobody is called twice at once');
select tests.throws_code(format('select pg_temp.test(%L, %L)', :'agent', '+447700900123'), 'role_too_low');
select tests.as_owner();
select is((select concat_ws(' ', status, reserved_pence, max_duration_seconds, vapi_call_id is null) from public.credit_reservations where call_id = :'c_callId'), 'active 280 294 t',
    'and what it may cost is held first');
select tests.answered(:'org', 'vapi.create_call', '{"vapi_call_id": "v-1", "control_url": "https://control.example/v-1", "call_sid": "CA1"}', p_now => :'monday');
select is(pg_temp.kept(:'c_callId'), 'outbound +442071230002 +447700900123 Mary Jones pending v-1 CA1', 'Vapi has it');
select is((select concat_ws(' ', vapi_call_id, control_url, call_sid) from private.call_lines where call_id = :'c_callId'), 'v-1 https://control.example/v-1 CA1', 'and it can be ended');
select is((select org_id from private.directory where kind = 'vapi_call' and key = 'v-1'), :'org'::uuid, 'whatever is said of it is this organisation''s');
select tests.as_user(:'member');
select is(row(p.*)::text, format('(%s,v-1,+447700900123,initiated)', :'c_callId'), 'the answer has Vapi''s id') from public.placed_call(:'operation') as p;
select tests.throws_code(format('select public.placed_call(%L)', gen_random_uuid()), 'operation_not_found');

-- Who may be called.
select tests.throws_code(format('select pg_temp.back(%L)', :'others'), 'contact_not_found', 'nobody calls another organisation''s contact');
select tests.throws_code(format('select pg_temp.back(%L)', gen_random_uuid()), 'contact_not_found');
select tests.throws_code(format('select pg_temp.back(%L)', :'letters'), 'contact_without_phone');
select tests.throws_code(format('select pg_temp.back(%L)', :'shy'), 'do_not_call', 'who asked not to be called is not');
select tests.as_owner();
select pg_temp.end_calls(:'org');
update public.contacts set phone = '+448712345678' where id = :'letters';
select tests.as_user(:'member');
select tests.throws_code(format('select pg_temp.back(%L)', :'letters'), 'premium_number');
select tests.as_owner();
update public.contacts set phone = '+442071230001' where id = :'letters';
select tests.as_user(:'member');
select tests.throws_code(format('select pg_temp.back(%L)', :'letters'), 'number_answers_here', 'an agent does not call itself');

-- When.
select tests.throws_code(format('select pg_temp.back(%L, %L)', :'contact', t), 'outside_calling_hours', 'nobody is called at ' || t)
from unnest(array[:'sunday', '2026-11-23 07:59+00', '2026-11-23 20:00+00']) as t;
select tests.as_owner();
update public.organizations set timezone = 'America/New_York' where id = :'org';
select tests.as_user(:'member');
select tests.throws_code(format('select pg_temp.back(%L)', :'contact'), 'outside_calling_hours', 'the clock is the clinic''s');
select tests.as_owner();
insert into public.call_settings (org_id, calling_hours) values (:'org', '{"mon": [["04:00", "06:00"]]}');
select tests.as_user(:'member');
select lives_ok(format('select pg_temp.back(%L)', :'contact'), 'and the hours are those it chose');
select pg_temp.end_calls(:'org');

-- A test.
select tests.as_owner();
insert into public.agents (org_id, name, direction, vapi_assistant_id) values (:'org', 'Desk', 'inbound', 'as-2') returning id as desk \gset
insert into public.agents (org_id, name, direction, vapi_assistant_id) values (:'other', 'Theirs', 'outbound', 'as-3') returning id as theirs \gset
update public.organizations set phone = '+447700900777' where id = :'org';
select tests.as_user(:'admin');
select tests.throws_code(format('select pg_temp.test(%L, %L, %L)', :'desk', '+447700900888', :'sunday'), 'outside_calling_hours', 'a stranger''s phone is called for a test when people are called');
select tests.throws_code(format('select pg_temp.test(%L, %L)', :'desk', '+447700900124'), 'do_not_call', 'and never one that asked not to be');
select tests.throws_code(format('select pg_temp.test(%L, %L)', :'theirs', '+447700900777'), 'agent_not_found', 'by no other organisation''s agent');
select tests.throws_code(format('select pg_temp.test(%L, %L)', :'desk', p), 'phone_number_invalid', p) from unnest(array['999', '+999', '07700900123']) as p;
select lives_ok(format('select pg_temp.test(%L, %L, %L)', :'desk', p, :'sunday'), 'one''s own phone may be rung whenever: ' || p) from unnest(array['+447700900777', '+447700900555']) as p;
select is((select a.name from public.calls c join public.agents a on a.org_id = c.org_id and a.id = c.agent_id where c.org_id = :'org' and c.to_number = '+447700900777'), 'Desk', 'by the agent that is tested, whichever its direction');

-- There is none.
select pg_temp.end_calls(:'org');
select pg_temp.back(:'contact') ->> 'id' as refused \gset
select (public.placed_call(:'refused'))."callId" as refused \gset
select tests.as_owner();
select e.id as operation from private.effects e where e.kind = 'vapi.create_call' and e.payload ->> 'call_id' = :'refused' \gset
select tests.answered(:'org', 'vapi.create_call', '{"refused": "call_refused", "said": "no"}', p_now => :'monday') \gset
select is(pg_temp.kept(:'refused'), 'outbound +442071230002 +447700900123 Mary Jones failed call-not-placed', 'a call that Vapi refused has failed');
select is((select held_pence from public.credit_wallets where org_id = :'org'), 0::bigint, 'and holds nothing any more');
select tests.as_user(:'member');
select tests.throws_code(format('select public.placed_call(%L)', :'operation'), 'call_not_placed', 'which its caller hears');
select pg_temp.back(:'contact') ->> 'id' as dead \gset
select (public.placed_call(:'dead'))."callId" as dead \gset
select tests.as_owner();
select tests.answered(:'org', 'vapi.create_call', null, 'dead', :'monday') \gset
select is(pg_temp.kept(:'dead'), 'outbound +442071230002 +447700900123 Mary Jones failed call-not-placed', 'so has one that could not be ordered');

-- Word of it overtakes the answer.
select tests.as_user(:'member');
select pg_temp.back(:'contact') ->> 'id' as early \gset
select (public.placed_call(:'early'))."callId" as early \gset
select tests.as_owner();
update public.calls set vapi_call_id = 'v-2', status = 'in_progress', started_at = :'monday' where id = :'early';
select tests.answered(:'org', 'vapi.create_call', null, 'dead', :'monday') \gset
select is(pg_temp.kept(:'early'), 'outbound +442071230002 +447700900123 Mary Jones in_progress v-2', 'a call that was heard of was placed, whatever became of the answer');
select is((select status from public.credit_reservations where call_id = :'early'), 'active', 'and is held for');
select pg_temp.end_calls(:'org');

-- Given up meanwhile.
select tests.as_user(:'member');
select pg_temp.back(:'contact') \gset
select isnt(pg_temp.ordered(:'org'), null, 'what is wished is told while it is wished');
select tests.as_owner();
update public.contacts set do_not_call = true where id = :'contact';
select is(pg_temp.ordered(:'org'), null, 'not once somebody asked not to be called');
update public.contacts set do_not_call = false where id = :'contact';
select is(private.call_wish(:'org', (select id from public.calls where org_id = :'org' and status = 'pending' order by created_at desc limit 1), 'call_back', :'monday'::timestamptz + interval '6 minutes'), null, 'nor so much later that nobody expects it');

-- Money.
update public.organizations set telephony_mode = 'none' where id = :'poor';
insert into public.agents (org_id, name, direction, vapi_assistant_id) values (:'poor', 'Caller', 'outbound', 'as-4');
insert into private.org_credentials (org_id, provider, type, phone_number, vapi_phone_id, is_active) values (:'poor', 'twilio', 'outbound', '+442071230003', 'vp-3', true);
select tests.as_user(tests.admin(:'poor'));
select tests.refuses_code(format('select pg_temp.back(%L)', :'contact_of_poor'), 'insufficient_balance', 'without money there is no call');
select is(pg_temp.back(:'contact_of_poor') ->> 'error', 'A call was refused because less than a minute is available in the wallet. Please top up.', 'and the clinic hears why in words');
select tests.as_owner();
select is((select count(*) from public.calls where org_id = :'poor'), 0::bigint, 'nothing was placed');
select is((select string_agg(reason, ' ') from public.call_refusals where org_id = :'poor'), 'insufficient_balance insufficient_balance', 'but the refusal is on record');
select is((select last_contacted_at from public.contacts where id = :'contact_of_poor'), null, 'and nobody was contacted');

select * from finish();
rollback;
