begin;
set local search_path = pg_catalog, extensions, pg_temp;
select plan(46);

select tests.org('Smile') as org, tests.org('Grin') as other, tests.org('Bare') as bare \gset
select tests.admin(:'org') as admin, tests.user(:'org', 'manager') as manager, tests.admin(:'other') as stranger, tests.admin(:'bare') as nobody,
       tests.api_key(:'org', '{telephony:write}') as key, tests.api_key(:'org', '{telephony:read}') as reader \gset
select tests.own_twilio(:'org'), tests.own_twilio(:'other', '+442071230008');
create function pg_temp.audit(p_org uuid) returns table (line text) language sql security definer as $$
    select concat_ws(' ', country_code, allowed, reason) from public.telephony_country_audit_log where org_id = p_org and action = 'verify' order by created_at;
$$;

-- What is ordered.
select tests.as_user(:'admin');
select public.verify_caller_id('+447700900123', '  Front desk ') as op \gset
select is(:'op'::jsonb - 'id' - 'created_at', '{"kind": "twilio.request_caller_id", "status": "queued", "result": null, "finished_at": null}', 'a verification is an operation');
select is(array(select jsonb_object_keys(:'op'::jsonb) order by 1), '{created_at,finished_at,id,kind,result,status}', 'with all that an operation has');
select is((public.get_operation((:'op'::jsonb ->> 'id')::uuid)).status, 'queued', 'which can be followed');
select tests.as_owner();
select id as caller_id from public.verified_caller_ids where org_id = :'org' \gset
select is(payload, jsonb_build_object('account', jsonb_build_object('org_id', :'org', 'sid', 'AC' || md5(:'org'), 'type', 'default'), 'org_id', :'org',
    'caller_id', :'caller_id', 'phone_number', '+447700900123', 'friendly_name', 'Front desk'), 'what Twilio is asked, by the account that is the organisation''s')
from private.effects where id = (:'op'::jsonb ->> 'id')::uuid;
select is((status, country_code, friendly_name, verification_attempts)::text, '(pending,GB,"Front desk",0)', 'the number waits to be verified') from public.verified_caller_ids where org_id = :'org';
select results_eq(format('select * from pg_temp.audit(%L)', :'org'), $$ values ('GB t') $$, 'who wanted a number of which country is on record');

-- Followed while under way.
select tests.as_user(:'admin');
select is(public.initiate_caller_id('+447700900123') ->> 'id', :'op'::jsonb ->> 'id', 'asked again by the other door, it is followed');
select is((select (public.caller_id_initiated((:'op'::jsonb ->> 'id')::uuid)).success), null, 'and its answer is not known yet');
select tests.as_owner();
select is(count(*), 1::bigint, 'nothing is ordered twice') from private.effects where org_id = :'org' and kind like 'twilio.%';
select is(cardinality(recent), 1, 'nor counted') from private.caller_id_initiations where phone_number = '+447700900123';

-- Three an hour, whoever asks.
select tests.as_user(:'admin');
select tests.answered(:'org', 'twilio.request_caller_id', '{"refused": "phone_number_refused"}');
select tests.throws_code(format('select public.caller_id_initiated(%L)', :'op'::jsonb ->> 'id'), 'phone_number_refused', 'Twilio said no');
select tests.throws_code(format('select public.caller_id_called(%L)', :'op'::jsonb ->> 'id'), 'phone_number_refused', 'at either door');
select private.initiate_caller_id('+447700900123', now() + interval '10 minutes') as op2 \gset
select isnt(:'op2'::jsonb ->> 'id', :'op'::jsonb ->> 'id', 'a second call is a new operation');
select tests.answered(:'org', 'twilio.request_caller_id', '{}', 'dead');
select tests.throws_code(format('select public.caller_id_initiated(%L)', :'op2'::jsonb ->> 'id'), 'provider_refused', 'Twilio was not to be reached');
select tests.as_user(:'stranger');
select tests.throws_code(format('select public.caller_id_initiated(%L)', :'op'::jsonb ->> 'id'), 'operation_not_found', 'another organisation''s answer is not there');
select isnt(private.initiate_caller_id('+447700900123', now() + interval '20 minutes') ->> 'id', null, 'another organisation has it called a third time');
select tests.answered(:'other', 'twilio.request_caller_id', '{"refused": "caller_id_blocked"}');
select tests.as_user(:'admin');
select tests.refuses_code($$ select private.initiate_caller_id('+447700900123', now() + interval '59 minutes') $$, 'caller_id_limited', 'the fourth call within an hour is refused, whoever had it called');
select is(current_setting('response.headers'), '[{"Retry-After": "60"}]', 'and the header says when it is not');
select tests.as_user(:'stranger');
select tests.refuses_code($$ select private.verify_caller_id('+447700900123', null, now() + interval '59 minutes') $$, 'caller_id_limited', 'to everyone');
select tests.as_owner();
select is(cardinality(recent), 3, 'the refused do not count') from private.caller_id_initiations where phone_number = '+447700900123';
select results_eq(format('select * from pg_temp.audit(%L)', :'other'), $$ values ('GB t'), ('GB f caller_id_limited') $$, 'but are on record');
select tests.as_user(:'admin');
select isnt(private.initiate_caller_id('+447700900124', now() + interval '59 minutes') ->> 'id', null, 'another phone is another matter');
select isnt(private.initiate_caller_id('+447700900123', now() + interval '61 minutes') ->> 'id', null, 'after the hour it is called again');
select tests.as_owner();
select is(cardinality(recent), 3, 'counting on from the two that are left') from private.caller_id_initiations where phone_number = '+447700900123';

-- On the list already.
select tests.as_user(:'admin');
select public.initiate_caller_id('+447700900130') as op3 \gset
select tests.answered(:'org', 'twilio.request_caller_id', jsonb_build_object('caller_id_sid', 'PN' || repeat('1', 32)));
select is((a.success, a."validationId", a."validationCode", a.message)::text, '(t,,,"This number was verified with Twilio already. It is ready to use.")', 'a number on Twilio''s list is verified at once, and the answer says so')
from public.caller_id_initiated((:'op3'::jsonb ->> 'id')::uuid) as a;
select tests.throws_code($$ select public.initiate_caller_id('+447700900130') $$, 'caller_id_verified');
select tests.throws_code($$ select public.verify_caller_id('+447700900130') $$, 'caller_id_verified');
select tests.as_owner();
select is((status, verified_at, twilio_caller_id_sid)::text, format('(verified,"%s",PN%s)', now(), repeat('1', 32)), 'by the list''s own id') from public.verified_caller_ids where org_id = :'org' and phone_number = '+447700900130';

-- Who and where.
select tests.as_user(:'manager');
select tests.throws_code($$ select public.initiate_caller_id('+447700900140') $$, 'role_too_low');
select tests.as_api_key(:'reader');
select tests.throws_code($$ select public.verify_caller_id('+447700900140') $$, 'scope_missing');
select tests.as_api_key(:'key');
select is(public.verify_caller_id('+447700900140') ->> 'status', 'queued', 'a key may, with its scope');
select tests.as_user(:'nobody');
select tests.throws_code($$ select public.initiate_caller_id('+447700900140') $$, 'telephony_not_configured', 'without an account there is nobody to call');

-- Bad input.
select tests.as_user(:'admin');
select tests.throws_code(format('select public.initiate_caller_id(%L)', n), 'phone_number_invalid', coalesce(to_json(n)::text, 'nothing') || ' is no number')
from unnest(array[null, '', '07700900123', '447700900123', '+0447700900', '+44 7700 900123', '+447700900123x', E'+447700900123\n', '+1234', '+1234567890123456']) as n;
select tests.refuses_code($$ select public.initiate_caller_id('+19005551234') $$, 'premium_number');
select tests.throws_code(format('select public.verify_caller_id(%L, %L)', '+447700900150', repeat('x', 65)), 'friendly_name_invalid');
select tests.as_owner();
select results_eq(format('select * from pg_temp.audit(%L) offset 7', :'org'), $$ values ('US f premium_number') $$, 'a premium number is on record');
select is(count(*), 4::bigint, 'nothing else is stored') from public.verified_caller_ids where org_id = :'org';

select * from finish();
rollback;
