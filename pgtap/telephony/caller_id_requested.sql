begin;
set local search_path = pg_catalog, extensions, pg_temp;
select plan(14);

select tests.org('Smile') as org \gset
select tests.admin(:'org') as admin \gset
select tests.own_twilio(:'org');

select tests.as_user(:'admin');
select public.initiate_caller_id('+447700900123') ->> 'id' as op \gset
select tests.answered(:'org', 'twilio.request_caller_id', jsonb_build_object(
    'sealed_code', 'c2VhbGVk', 'key_version', 1, 'call_sid', 'CA' || repeat('2', 32), 'code_hash', extensions.crypt('123456', extensions.gen_salt('bf', 4)))) ->> 'caller_id' as caller_id
from (select tests.as_owner()) as owner \gset
select is((status, verification_code_expires_at, twilio_call_sid)::text, format('(pending,"%s",CA%s)', now() + interval '10 minutes', repeat('2', 32)), 'the code holds ten minutes')
from public.verified_caller_ids where org_id = :'org';
select ok(extensions.crypt('123456', verification_code_hash) = verification_code_hash, 'its hash is kept') from private.caller_id_codes where org_id = :'org';
select is(count(*), 0::bigint, 'the code itself is nowhere')
from (select to_jsonb(c)::text as t from public.verified_caller_ids c union all select to_jsonb(a)::text from public.audit_logs a where a.org_id = :'org'
      union all select to_jsonb(e)::text from private.events e where e.org_id = :'org' union all select to_jsonb(d)::text from private.effects_done d where d.org_id = :'org') as everything
where t like '%123456%';
select results_eq(format($$ select kind, payload ->> 'status' from private.events where org_id = %L and kind like 'telephony%%' $$, :'org'),
    $$ values ('telephony.caller_id', 'pending') $$, 'open screens hear of it');
select tests.as_user(:'admin');
select is((a.success, a."verificationId", a."validationId", a."validationCode", a.message)::text,
    format('(t,%s,CA%s,,"We are calling this number now. Enter the code on its keypad when asked, then confirm.")', :'caller_id', repeat('2', 32)), 'the answer has all but the code, which is sealed')
from public.caller_id_initiated(:'op') as a;
select tests.as_owner();
select is(count(*), 0::bigint, 'nobody reads a sealed code by asking how far the operation is') from private.effect_kinds where kind = 'twilio.request_caller_id' and result_for_callers;

-- Anew.
select tests.as_user(:'admin');
select tests.refuses_code(format('select public.confirm_caller_id_code(%L, %L)', :'caller_id', '000000'), 'caller_id_code_wrong');
select public.initiate_caller_id('+447700900123') ->> 'id' as op2 \gset
select tests.as_owner();
select is((select count(*) from private.caller_id_codes where org_id = :'org'), 0::bigint, 'a new call forgets the old code');
select tests.answered(:'org', 'twilio.request_caller_id', jsonb_build_object('call_sid', 'CA' || repeat('3', 32), 'code_hash', extensions.crypt('654321', extensions.gen_salt('bf', 4))));
select is((status, verification_attempts, twilio_call_sid)::text, format('(pending,0,CA%s)', repeat('3', 32)), 'and the wrong attempts') from public.verified_caller_ids where org_id = :'org';
select ok(extensions.crypt('654321', verification_code_hash) = verification_code_hash, 'the new code counts') from private.caller_id_codes where org_id = :'org';

-- Nothing came of it.
select tests.as_user(:'admin');
select public.initiate_caller_id('+447700900124') \gset
select tests.answered(:'org', 'twilio.request_caller_id', '{"refused": "caller_id_blocked", "said": "21216"}');
select tests.as_owner();
select is((status, verification_code_expires_at)::text, '(failed,)', 'a call that Twilio refused fails') from public.verified_caller_ids where org_id = :'org' and phone_number = '+447700900124';

-- Deleted meanwhile.
select tests.as_user(:'admin');
select public.initiate_caller_id('+447700900125') \gset
select is((public.delete_verified_caller_id('+447700900125')).success, true, 'deleted while the call is being ordered');
select tests.answered(:'org', 'twilio.request_caller_id', jsonb_build_object('call_sid', 'CA' || repeat('4', 32), 'code_hash', '$2a$04$x'));
select tests.as_owner();
select is(count(*), 0::bigint, 'it stays away') from public.verified_caller_ids where phone_number = '+447700900125';
select is(count(*), 0::bigint, 'with its code') from private.caller_id_codes where verification_code_hash = '$2a$04$x';

select * from finish();
rollback;
