begin;
set local search_path = pg_catalog, extensions, pg_temp;
select plan(9);

select tests.org('Smile') as org, tests.org('Other') as other \gset
select tests.admin(:'org') as admin \gset
select tests.own_twilio(:'org', '+442071230009', '+442071230010');
select tests.own_twilio(:'other', '+442071230019', '+442071230020');
select tests.verified_phone(:'org') as phone \gset
select tests.as_user(:'admin');
select ((public.save_forwarding_config(:'phone', 'total_ai', 'ee')).config).id as id \gset
select tests.as_owner();

select ok(not private.is_forwarding_check(:'org', '+442071230010'), 'while nothing is checked a call from an own number is a call');
select tests.as_user(:'admin');
select public.check_forwarding(:'id') \gset
select tests.as_owner();
select ok(private.is_forwarding_check(:'org', '+442071230010'), 'the check rings from the outbound number');
select ok(private.is_forwarding_check(:'org', '+447700900123'), 'some carriers show the phone that forwards instead');
select ok(not private.is_forwarding_check(:'org', '+447700900124'), 'anybody else is a caller');
select ok(not private.is_forwarding_check(:'org', null), 'so is whoever shows no number');
select ok(not private.is_forwarding_check(:'other', '+442071230020'), 'and whoever calls an organisation that checks nothing');
select tests.answered(:'org', 'twilio.check_call', jsonb_build_object('call_sid', 'CA' || repeat('1', 32))) \gset
select tests.answered(:'org', 'twilio.check_result', '{"reached": true, "ended": true, "call_status": "completed"}') \gset
select ok(private.is_forwarding_check(:'org', '+442071230010', now() + interval '29 seconds'), 'Vapi may ask a little later than Twilio''s list tells');
select ok(not private.is_forwarding_check(:'org', '+442071230010', now() + interval '31 seconds'), 'but not for long');
update private.org_credentials set is_active = false where org_id = :'org' and type = 'outbound';
select ok(private.is_forwarding_check(:'org', '+442071230009'), 'with one number alone the check rings from that');

select * from finish();
rollback;
