begin;
set local search_path = pg_catalog, extensions, pg_temp;
select plan(41);

select tests.org('Smile') as org, tests.org('Grin') as other \gset
select tests.admin(:'org') as admin, tests.user(:'org', 'manager') as manager, tests.admin(:'other') as stranger \gset
select tests.own_twilio(:'org'), tests.own_twilio(:'other', '+442071230008');
create function pg_temp.standing(p_id uuid) returns text language sql security definer as $$
    select concat_ws(' ', status, verification_attempts, locked_until) from public.verified_caller_ids where id = p_id;
$$;
create function pg_temp.said(p_answer jsonb) returns text language sql as $$
    select concat_ws(' | ', current_setting('response.status'), p_answer ->> 'error', p_answer ->> 'code', p_answer -> 'details');
$$;
grant execute on function pg_temp.standing(uuid), pg_temp.said(jsonb) to authenticated;

-- Only the list verifies.
select tests.as_user(:'admin');
select tests.called_phone(:'org') as id \gset
select public.confirm_caller_id_code(:'id', '123456') as op \gset
select is(:'op'::jsonb - 'id' - 'created_at', '{"kind": "twilio.find_caller_id", "status": "queued", "result": null, "finished_at": null}', 'the right code has Twilio''s list asked');
select is(pg_temp.standing(:'id'), 'pending 0', 'and verifies nothing by itself');
select is(public.confirm_caller_id_code(:'id', '123456') ->> 'id', :'op'::jsonb ->> 'id', 'asked again, it is followed');
select is((select (public.caller_id_code_confirmed((:'op'::jsonb ->> 'id')::uuid)).success), null, 'while it is asked there is no answer');
select is(tests.answered(:'org', 'twilio.find_caller_id', '{"caller_id_sid": null}') - 'account', jsonb_build_object('org_id', :'org', 'caller_id', :'id', 'phone_number', '+447700900123'), 'what it is asked');
select tests.throws_code(format('select public.caller_id_code_confirmed(%L)', :'op'::jsonb ->> 'id'), 'not_yet_confirmed');
select is(pg_temp.standing(:'id'), 'pending 0', 'a number that is not on it yet may be confirmed again');
select public.confirm_caller_id_code(:'id', '123456') ->> 'id' as op2 \gset
select tests.answered(:'org', 'twilio.find_caller_id', jsonb_build_object('caller_id_sid', 'PN' || repeat('5', 32)));
select is(a, (true, 'Your number is verified.', 'PN' || repeat('5', 32))::public.caller_id_confirmation, 'on the list it is verified, by the list''s own id') from public.caller_id_code_confirmed(:'op2') as a;
select is(pg_temp.standing(:'id'), 'verified 0', 'so it is in its row');
select tests.throws_code(format('select public.confirm_caller_id_code(%L, %L)', :'id', '123456'), 'caller_id_verified');
select tests.as_owner();
select is(count(*), 0::bigint, 'its code is forgotten') from private.caller_id_codes where org_id = :'org';
select results_eq(format($$ select payload ->> 'status' from private.events where org_id = %L and kind = 'telephony.caller_id' order by id $$, :'org'), $$ values ('pending'), ('verified') $$, 'open screens hear of it');

-- Wrong three times.
select tests.as_user(:'admin');
select tests.called_phone(:'org', '+447700900124') as id \gset
select is(pg_temp.said(public.confirm_caller_id_code(:'id', '000000')), '400 | Invalid verification code. 2 attempts remaining. | caller_id_code_wrong | {"attempts_remaining": 2}', 'the first wrong code');
select is(pg_temp.said(public.confirm_caller_id_code(:'id', null)), '400 | Invalid verification code. 1 attempt remaining. | caller_id_code_wrong | {"attempts_remaining": 1}', 'no code is a wrong one');
select is(pg_temp.standing(:'id'), 'pending 2', 'both were counted');
select tests.refuses_code(format('select public.confirm_caller_id_code(%L, %L)', :'id', '999999'), 'caller_id_locked', 'the third one locks');
select is(current_setting('response.headers'), '[{"Retry-After": "3600"}]', 'for an hour');
select is(pg_temp.standing(:'id'), 'pending 3 ' || now() + interval '1 hour', 'as its row says');
select tests.refuses_code(format('select private.confirm_caller_id_code(%L, %L, now() + interval ''1 minute'')', :'id', '123456'), 'caller_id_locked', 'then the right one is not looked at');
select is(current_setting('response.headers'), '[{"Retry-After": "3540"}]', 'and it says how long');
select tests.refuses_code($$ select public.confirm_caller_id('+447700900124') $$, 'caller_id_locked', 'the other door is locked too');
select tests.refuses_code($$ select private.initiate_caller_id('+447700900124', now() + interval '59 minutes') $$, 'caller_id_locked', 'a new call does not open it');
select is(pg_temp.standing(:'id'), 'pending 3 ' || now() + interval '1 hour', 'refused, nothing is counted any more');
select tests.throws_code(format('select private.confirm_caller_id_code(%L, %L, now() + interval ''61 minutes'')', :'id', '123456'), 'caller_id_code_expired', 'after the hour the code is long gone');
select isnt(private.initiate_caller_id('+447700900124', now() + interval '61 minutes') ->> 'id', null, 'and a new call may be had');
select is(pg_temp.standing(:'id'), 'pending 0', 'with attempts of its own');
select tests.throws_code(format('select public.confirm_caller_id_code(%L, %L)', :'id', '123456'), 'not_yet_confirmed', 'while it is being ordered there is no code');

-- What is no code.
select tests.called_phone(:'org', '+447700900125') as id \gset
select tests.refuses_code(format('select public.confirm_caller_id_code(%L, %L)', :'id', '123456' || repeat(' ', 80)), 'caller_id_code_wrong', 'what bcrypt would cut off is wrong');
select tests.refuses_code(format('select public.confirm_caller_id_code(%L, %L)', :'id', ''), 'caller_id_code_wrong', 'an empty one too');

-- Expired.
select tests.called_phone(:'org', '+447700900126') as id \gset
select is(private.confirm_caller_id_code(:'id', '123456', now() + interval '9 minutes 59 seconds') ->> 'status', 'queued', 'within ten minutes it counts');
select tests.throws_code(format('select private.confirm_caller_id_code(%L, %L, now() + interval ''10 minutes'')', :'id', '123456'), 'caller_id_code_expired', 'from then on it does not');
select is(pg_temp.standing(:'id'), 'pending 0', 'and is not counted as wrong');
select tests.as_owner();
update public.verified_caller_ids set status = 'failed' where id = :'id';
select tests.as_user(:'admin');
select tests.throws_code(format('select public.confirm_caller_id_code(%L, %L)', :'id', '123456'), 'caller_id_code_expired', 'what failed is begun anew');

-- Whose it is.
select tests.called_phone(:'org', '+447700900127') as id \gset
select tests.as_user(:'stranger');
select tests.throws_code(format('select public.confirm_caller_id_code(%L, %L)', :'id', '123456'), 'caller_id_not_found', 'another organisation''s is not there');
select tests.throws_code(format('select public.confirm_caller_id_code(%L, %L)', gen_random_uuid(), '123456'), 'caller_id_not_found', 'no more than one that is nowhere');
select tests.throws_code($$ select public.confirm_caller_id_code(null, '123456') $$, 'caller_id_not_found');
select tests.throws_code(format('select public.caller_id_code_confirmed(%L)', :'op2'), 'operation_not_found', 'nor its answers');
select tests.as_user(:'manager');
select tests.throws_code(format('select public.confirm_caller_id_code(%L, %L)', :'id', '123456'), 'role_too_low');
select is(pg_temp.standing(:'id'), 'pending 0', 'none of them was counted');
select tests.as_user(:'admin');
select public.confirm_caller_id_code(:'id', '123456') ->> 'id' as op3 \gset
select tests.answered(:'org', 'twilio.find_caller_id', null, 'dead');
select tests.throws_code(format('select public.caller_id_code_confirmed(%L)', :'op3'), 'provider_refused', 'a list that cannot be had verifies nothing');
select is(pg_temp.standing(:'id'), 'pending 0', 'and fails nothing');

select * from finish();
rollback;
