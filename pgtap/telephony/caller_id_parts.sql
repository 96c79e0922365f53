begin;
set local search_path = pg_catalog, extensions, pg_temp;
select plan(56);

select tests.org('Smile') as org, tests.org('Grin') as other, tests.org('Bare') as bare, '2026-11-21 12:00+00' as then \gset
select tests.own_twilio(:'org'), tests.own_twilio(:'other', '+442071230008');
select private.telephony_account(:'org') as account, to_jsonb(private.telephony_account(:'org')) as account_told,
       private.telephony_account(:'other') as other_account \gset
create function pg_temp.row_of(p_org uuid) returns public.verified_caller_ids language sql as $$
    select c from public.verified_caller_ids c where c.org_id = p_org and c.phone_number = '+447700900123';
$$;
create function pg_temp.effect(p_id uuid) returns private.effects language sql as $$ select e from private.effects e where e.id = p_id; $$;

-- Calls a phone got, whoever had it called.
select is(private.caller_id_calls('+447700900123', :'then'), '{}', 'a phone nobody called got no calls');
select is((select count(*) from private.caller_id_initiations i where i.phone_number = '+447700900123'), 1::bigint, 'yet it has a row to hold, so that two who begin count each other');
update private.caller_id_initiations set recent = array['2026-11-21 11:59+00', '2026-11-21 11:00+00', '2026-11-21 11:00:01+00', '2026-11-20 12:00+00']::timestamptz[] where phone_number = '+447700900123';
select is(private.caller_id_calls('+447700900123', :'then'), array['2026-11-21 11:00:01+00', '2026-11-21 11:59+00']::timestamptz[], 'those of the last hour count, the oldest first');
select is(private.caller_id_calls('+447700900123', '2026-11-21 12:59+00'), '{}', 'an hour later none');
select is(private.caller_id_calls('+447700900124', :'then'), '{}', 'another phone was not called');

-- What is ordered.
select private.call_caller_id(:'org', '+447700900123', 'Front desk', 'GB', :'account', :'then') as op \gset
select (pg_temp.row_of(:'org')).id as id \gset
select is(:'op'::jsonb - 'id' - 'created_at', '{"kind": "twilio.request_caller_id", "status": "queued", "result": null, "finished_at": null}', 'a call is an operation');
select is((c.status, c.country_code, c.friendly_name, c.effect_id, c.created_at)::text, format('(pending,GB,"Front desk",%s,"2026-11-21 12:00:00+00")', :'op'::jsonb ->> 'id'), 'on record with the number, which follows it') from pg_temp.row_of(:'org') as c;
select is(e.payload, jsonb_build_object('account', :'account_told'::jsonb, 'org_id', :'org', 'caller_id', :'id', 'phone_number', '+447700900123', 'friendly_name', 'Front desk'), 'Twilio is told whose account, which phone and its name') from pg_temp.effect((:'op'::jsonb ->> 'id')::uuid) as e;
select is((e.org_id, e.run_at)::text, format('(%s,"2026-11-21 12:00:00+00")', :'org'), 'at once') from pg_temp.effect((:'op'::jsonb ->> 'id')::uuid) as e;

-- Called anew.
update public.verified_caller_ids set status = 'failed', verification_attempts = 5, locked_until = :'then', verification_code_expires_at = :'then' where org_id = :'org';
insert into private.caller_id_codes (org_id, verified_caller_id, verification_code_hash) values (:'org', :'id', '$2a$04$old');
insert into public.verified_caller_ids (org_id, id, phone_number, verification_attempts) values (:'other', :'id', '+447700900123', 3);
insert into private.caller_id_codes (org_id, verified_caller_id, verification_code_hash) values (:'other', :'id', '$2a$04$theirs');
select private.call_caller_id(:'org', '+447700900123', null, 'GB', :'account', :'then') as again \gset
select is((c.id, c.status, c.friendly_name, c.verification_attempts, c.locked_until, c.verification_code_expires_at, c.effect_id)::text, format('(%s,pending,"Front desk",0,,,%s)', :'id', :'again'::jsonb ->> 'id'), 'called anew it is the same number under its old name, with all its tries') from pg_temp.row_of(:'org') as c;
select is((select array_agg(k.verification_code_hash) from private.caller_id_codes k where k.verified_caller_id = :'id'), array['$2a$04$theirs'], 'the old code opens nothing; another organisation''s is still good');
select is((c.verification_attempts, c.effect_id)::text, '(3,)', 'another organisation''s verification of that phone is left alone') from pg_temp.row_of(:'other') as c;
select private.call_caller_id(:'org', '+447700900124', null, 'GB', :'account', :'then') as unnamed \gset
select is((pg_temp.effect((:'unnamed'::jsonb ->> 'id')::uuid)).payload ->> 'friendly_name', '+447700900124', 'a phone without a name goes by its number');

-- In the order it was decided in.
select is((pg_temp.effect((:'op'::jsonb ->> 'id')::uuid)).state, 'ready', 'the first is asked');
select is((pg_temp.effect((:'again'::jsonb ->> 'id')::uuid)).state, 'waiting', 'the second about the same phone waits for it');
select is((pg_temp.effect((:'unnamed'::jsonb ->> 'id')::uuid)).state, 'ready', 'another phone waits for nobody');
select private.order_caller_id_effect('twilio.delete_caller_id', pg_temp.row_of(:'org'), :'account', '{"caller_id_sid": "PN1"}', :'then') as delete_id \gset
select is((e.kind, e.state, e.run_at)::text, '(twilio.delete_caller_id,waiting,"2026-11-21 12:00:00+00")', 'whatever else is to happen with that phone comes after it') from pg_temp.effect(:'delete_id') as e;
select is((pg_temp.effect(:'delete_id')).payload, jsonb_build_object('account', :'account_told'::jsonb, 'org_id', :'org', 'caller_id', :'id', 'phone_number', '+447700900123', 'caller_id_sid', 'PN1'), 'told what it needs besides');
select private.order_caller_id_effect('twilio.find_caller_id', pg_temp.row_of(:'other'), :'other_account', '{}', :'then') as their_id \gset
select is((e.state, e.org_id, e.payload #>> '{account,sid}')::text, format('(ready,%s,%s)', :'other', 'AC' || md5(:'other')), 'another organisation asks about that phone by its own account, without waiting') from pg_temp.effect(:'their_id') as e;

-- An effect as an operation.
select is(private.telephony_operation(:'org', (:'op'::jsonb ->> 'id')::uuid), (:'op'::jsonb ->> 'id', 'twilio.request_caller_id', 'queued', null, now(), null)::public.operation, 'what was ordered is queued');
select is((private.telephony_operation(:'org', (:'again'::jsonb ->> 'id')::uuid)).status, 'queued', 'what waits its turn as well');
update private.effects set state = 'running', lease_token = gen_random_uuid(), lease_until = now() where id = (:'op'::jsonb ->> 'id')::uuid;
select is((private.telephony_operation(:'org', (:'op'::jsonb ->> 'id')::uuid)).status, 'running', 'what is being asked is running');
select is((private.telephony_operation(:'other', (:'op'::jsonb ->> 'id')::uuid)).id, null, 'another organisation sees nothing of it');
select is((private.telephony_operation(:'org', null)).id, null, 'nothing is no operation');

-- What Twilio said of a call.
create function pg_temp.ended(p_org uuid, p_kind text, p_outcome text, p_result jsonb) returns uuid language sql as $$
    insert into private.effects_done (id, org_id, kind, priority, payload, outcome, result, attempts, run_at, created_at, finished_at)
    values (private.next_effect_id(), p_org, p_kind, 10, jsonb_build_object('caller_id', p_org), p_outcome, p_result, 1, now(), now(), now()) returning id;
$$;
select is(private.initiation_answer(:'org', (:'op'::jsonb ->> 'id')::uuid), null, 'while Twilio has not answered, nothing is known');
select pg_temp.ended(:'org', 'twilio.request_caller_id', 'done', '{"call_sid": "CA1", "sealed_code": "c2VhbGVk", "key_version": 1}') as called,
       pg_temp.ended(:'org', 'twilio.request_caller_id', 'done', '{"caller_id_sid": "PN1"}') as listed,
       pg_temp.ended(:'org', 'twilio.find_caller_id', 'done', '{"caller_id_sid": "PN1"}') as found \gset
select is(private.initiation_answer(:'org', :'called'),
    (true, :'org', 'CA1', null, 'We are calling this number now. Enter the code on its keypad when asked, then confirm.')::public.caller_id_initiation, 'a phone that is called: by which call, for which verification, and not its code');
select is((private.initiation_answer(:'org', :'listed')).message, 'This number was verified with Twilio already. It is ready to use.', 'one that was on the list');
create temp table no as select code, description, pg_temp.ended(:'org', 'twilio.request_caller_id', outcome, result) as id
from (values
    ('done', '{"refused": "phone_number_refused"}'::jsonb, 'phone_number_refused', 'a phone that Twilio does not call'),
    ('done', '{"refused": "caller_id_blocked"}', 'caller_id_blocked', 'one it may not call'),
    ('done', '{"refused": "something_new"}', 'provider_refused', 'any other no is Twilio''s'),
    ('dead', null, 'provider_refused', 'no answer at all'),
    ('refused', '{}', 'provider_refused', 'an answer that makes no sense')) as t (outcome, result, code, description);
select tests.throws_code(format('select private.initiation_answer(%L, %L)', :'org', id), code, description) from no;
select tests.throws_code(format('select private.initiation_answer(%L, %L)', org, id), 'operation_not_found', description)
from (values
    (:'other', :'called', 'another organisation gets no answer'),
    (:'other', :'op'::jsonb ->> 'id', 'nor while it is asked'),
    (:'org', :'delete_id', 'what is something else has none'),
    (:'org', :'found', 'also when it is over'),
    (:'org', null, 'nor has nothing')) as t (org, id, description);

-- What Twilio's list said.
select private.look_up_caller_id(pg_temp.row_of(:'org'), :'then') as look \gset
select is(private.confirmation_answer(:'org', (:'look'::jsonb ->> 'id')::uuid), null, 'while Twilio has not answered, nothing is confirmed');
select is(private.confirmation_answer(:'org', :'found'), (true, 'Your number is verified.', 'PN1')::public.caller_id_confirmation, 'a phone on the list is verified');
select pg_temp.ended(:'org', 'twilio.find_caller_id', 'done', '{"caller_id_sid": null}') as unlisted,
       pg_temp.ended(:'org', 'twilio.find_caller_id', 'done', '{"refused": "twilio_credentials_wrong"}') as refused,
       pg_temp.ended(:'org', 'twilio.find_caller_id', 'dead', '{"caller_id_sid": "PN1"}') as dead \gset
select tests.throws_code(format('select private.confirmation_answer(%L, %L)', org, id), code, description)
from (values
    (:'org', :'unlisted', 'not_yet_confirmed', 'one that is not, is not yet'),
    (:'org', :'refused', 'provider_refused', 'a no of Twilio''s is none about the phone'),
    (:'org', :'dead', 'provider_refused', 'what was given up says nothing'),
    (:'other', :'found', 'operation_not_found', 'another organisation gets no answer'),
    (:'other', :'look'::jsonb ->> 'id', 'operation_not_found', 'nor while it is asked'),
    (:'org', :'op'::jsonb ->> 'id', 'operation_not_found', 'a call confirms nothing'),
    (:'org', :'listed', 'operation_not_found', 'also when it is over')) as t (org, id, code, description);

-- The list is asked once at a time.
select is((pg_temp.row_of(:'org')).effect_id, (:'look'::jsonb ->> 'id')::uuid, 'the question is what the number follows');
select is((e.kind, e.state, e.payload ->> 'caller_id')::text, format('(twilio.find_caller_id,waiting,%s)', :'id'), 'it comes after the call it is about') from pg_temp.effect((:'look'::jsonb ->> 'id')::uuid) as e;
select is(private.look_up_caller_id(pg_temp.row_of(:'org'), :'then') ->> 'id', :'look'::jsonb ->> 'id', 'asked again, it is followed');
delete from private.effects where id = (:'look'::jsonb ->> 'id')::uuid;
select isnt(private.look_up_caller_id(pg_temp.row_of(:'org'), :'then') ->> 'id', :'look'::jsonb ->> 'id', 'once it is over, the list is asked anew');
select is((pg_temp.row_of(:'other')).effect_id, null, 'another organisation''s number of that id follows nothing of it');
insert into public.verified_caller_ids (org_id, phone_number) values (:'bare', '+447700900123');
select tests.throws_code(format('select private.look_up_caller_id(%L, now())', pg_temp.row_of(:'bare')), 'telephony_not_configured', 'without an account there is no list');

-- What a screen shows.
update public.verified_caller_ids set created_at = '2026-11-01' where org_id = :'org' and id = :'id';
update public.verified_caller_ids set created_at = '2026-11-02', status = 'verified', verified_at = :'then', twilio_caller_id_sid = 'PN' || md5('x') where org_id = :'org' and phone_number = '+447700900124';
select c.id as newer from public.verified_caller_ids c where c.org_id = :'org' and c.phone_number = '+447700900124' \gset
insert into public.hybrid_forwarding_configs (org_id, verified_caller_id, sim_phone_number, forwarding_type, carrier, twilio_forwarding_number, generated_activation_code, generated_deactivation_code)
select c.org_id, c.id, c.phone_number, 'total_ai', 'ee', '+442071230009', 'on', 'off' from public.verified_caller_ids c where c.phone_number = '+447700900124' and c.org_id = :'org';
select is(private.verified_numbers(:'org'), (true, array[
    (:'newer', '+447700900124', null, 'verified', :'then', true), (:'id', '+447700900123', 'Front desk', 'pending', null, false)]::public.verified_number[])::public.verified_numbers, 'an organisation''s numbers, the newest first, and which is forwarded');
update public.hybrid_forwarding_configs set status = 'disabled' where org_id = :'org';
select is(((private.verified_numbers(:'org')).numbers)[1]."hasForwardingConfig", false, 'a forwarding that ended is none');
insert into public.hybrid_forwarding_configs (org_id, verified_caller_id, sim_phone_number, forwarding_type, carrier, twilio_forwarding_number, generated_activation_code, generated_deactivation_code)
values (:'other', :'id', '+447700900123', 'total_ai', 'ee', '+442071230008', 'on', 'off');
select is(((private.verified_numbers(:'org')).numbers)[2]."hasForwardingConfig", false, 'nor is another organisation''s of that id');
select is(private.verified_numbers(gen_random_uuid()), (true, '{}')::public.verified_numbers, 'who has none has an empty list');

select * from finish();
rollback;
