begin;
set local search_path = pg_catalog, extensions, pg_temp;
select plan(13);

select tests.org('Smile') as org, tests.org('Grin') as other \gset
select tests.admin(:'org') as admin, tests.admin(:'other') as stranger \gset
select tests.own_twilio(:'org'), tests.own_twilio(:'other', '+442071230008');

select tests.as_user(:'admin');
select tests.throws_code($$ select public.confirm_caller_id('+447700900123') $$, 'caller_id_not_found', 'what nobody began cannot be confirmed');
select tests.called_phone(:'org') as id \gset
select public.confirm_caller_id('+447700900123') ->> 'id' as op \gset
select is((select (public.caller_id_confirmed(:'op')).success), null, 'Twilio''s list is asked');
select is(public.confirm_caller_id('+447700900123') ->> 'id', :'op', 'once at a time');
select is(public.confirm_caller_id_code(:'id', '123456') ->> 'id', :'op', 'through either door');
select tests.answered(:'org', 'twilio.find_caller_id', '{"caller_id_sid": null}');
select tests.throws_code(format('select public.caller_id_confirmed(%L)', :'op'), 'not_yet_confirmed');
select public.confirm_caller_id('+447700900123') ->> 'id' as op \gset
select tests.answered(:'org', 'twilio.find_caller_id', jsonb_build_object('caller_id_sid', 'PN' || repeat('6', 32)));
select is(a, (true, 'Your number is verified.', 'PN' || repeat('6', 32))::public.caller_id_confirmation, 'on the list it is verified') from public.caller_id_confirmed(:'op') as a;
select tests.throws_code($$ select public.confirm_caller_id('+447700900123') $$, 'caller_id_verified');
select tests.throws_code($$ select public.confirm_caller_id('nonsense') $$, 'caller_id_not_found');
select tests.throws_code($$ select public.confirm_caller_id(null) $$, 'caller_id_not_found');

select tests.called_phone(:'org', '+447700900124') as id \gset
select tests.throws_code($$ select private.confirm_caller_id('+447700900124', now() + interval '10 minutes') $$, 'caller_id_code_expired', 'ten minutes are for both doors');
select tests.as_user(:'stranger');
select tests.throws_code($$ select public.confirm_caller_id('+447700900124') $$, 'caller_id_not_found', 'another organisation has not begun it');
select tests.called_phone(:'other', '+447700900124') as theirs \gset
select public.confirm_caller_id('+447700900124') \gset
select tests.answered(:'other', 'twilio.find_caller_id', jsonb_build_object('caller_id_sid', 'PN' || repeat('7', 32)));
select tests.as_owner();
select is(status, 'pending', 'verified there, it is not verified here') from public.verified_caller_ids where org_id = :'org' and phone_number = '+447700900124';
select is(status, 'verified', 'each has its own account''s list') from public.verified_caller_ids where org_id = :'other' and phone_number = '+447700900124';

select * from finish();
rollback;
