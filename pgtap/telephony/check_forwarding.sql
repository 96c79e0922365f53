begin;
set local search_path = pg_catalog, extensions, pg_temp;
select plan(35);

select tests.org('Smile') as org \gset
select tests.admin(:'org') as admin, tests.user(:'org') as member \gset
select tests.own_twilio(:'org', '+442071230009', '+442071230010');
select tests.verified_phone(:'org') as phone, tests.verified_phone(:'org', '+447700900124') as second \gset
create function pg_temp.next_look(p_org uuid) returns text language sql security definer as $$
    select string_agg(extract(epoch from e.run_at - now())::integer::text, ',') from private.effects e where e.org_id = p_org and e.kind = 'twilio.check_result';
$$;
create function pg_temp.kept(p_id uuid) returns text language sql security definer as $$
    select concat_ws(' ', extract(epoch from last_checked_at - now())::integer, check_result, check_effect_id is null) from public.hybrid_forwarding_configs where id = p_id;
$$;
grant execute on function pg_temp.next_look(uuid), pg_temp.kept(uuid) to authenticated;
select tests.as_user(:'admin');
select ((public.save_forwarding_config(:'phone', 'safety_net', 'ee', 20)).config).id as id \gset

-- Nothing was checked yet.
select is(public.forwarding_checked(:'id'), (true, null, null, null, null, null)::public.forwarding_check, 'nothing is said before anything was checked');
select tests.as_user(:'member');
select tests.throws_code(format('select public.check_forwarding(%L)', :'id'), 'role_too_low');

-- It came back.
select tests.as_user(:'admin');
select (public.check_forwarding(:'id')).* \gset check_
select is(:'check_kind' || ' ' || :'check_status', 'twilio.check_call queued', 'a check is an operation');
select is((public.check_forwarding(:'id')).id, :'check_id'::uuid, 'asked again, it is followed');
select is(((public.forwarding_checked(:'id')).operation).id, :'check_id'::uuid, 'as the answer says while it goes on');
select is(tests.answered(:'org', 'twilio.check_call', jsonb_build_object('call_sid', 'CA' || repeat('1', 32))) - 'since', jsonb_build_object(
    'account', jsonb_build_object('org_id', :'org', 'sid', 'AC' || md5(:'org'), 'type', 'default'), 'org_id', :'org', 'config_id', :'id', 'from', '+442071230010',
    'to', '+447700900123', 'forwarded_to', '+442071230009', 'forwarding_type', 'safety_net', 'ring_seconds', 20), 'the phone is called from the organisation''s other number');
select is(pg_temp.next_look(:'org'), '23', 'the first look is when it rang its time');
select isnt(((public.forwarding_checked(:'id')).operation).id, :'check_id'::uuid, 'then the look is what to follow');
select is((public.check_forwarding(:'id')).kind, 'twilio.check_result', 'nor is the phone called twice meanwhile');
select tests.answered(:'org', 'twilio.check_result', '{"reached": false, "ended": false, "call_status": "ringing"}', p_now => now() + interval '23 seconds');
select is(pg_temp.next_look(:'org'), '25', 'still ringing: another look two seconds later');
select is((tests.answered(:'org', 'twilio.check_result', '{"reached": true, "ended": false, "call_status": "in-progress"}', p_now => now() + interval '25 seconds')) - 'since' - 'account',
    jsonb_build_object('org_id', :'org', 'config_id', :'id', 'from', '+442071230010', 'to', '+447700900123', 'forwarded_to', '+442071230009', 'forwarding_type', 'safety_net',
    'ring_seconds', 20, 'call_sid', 'CA' || repeat('1', 32), 'until', now() + interval '60 seconds'), 'what it looks for');
select is(pg_temp.next_look(:'org'), null, 'seen: nobody looks any more');
select is(a, (true, true, 'The call to your number reached Voxanne: forwarding works.', 'in-progress', now() + interval '25 seconds', null)::public.forwarding_check, 'it reached Voxanne') from public.forwarding_checked(:'id') as a;
select is(pg_temp.kept(:'id'), '25 {"reached": true, "call_status": "in-progress"} t', 'which is kept');
select is((c."lastCheckedAt", c."lastCheckReached")::text, format('("%s",t)', now() + interval '25 seconds'), 'and shown with the forwarding') from (select (public.get_forwarding_config(:'phone')).config as g) s, lateral (select (s.g).*) as c;
select tests.as_owner();
select results_eq(format($$ select payload from private.events where org_id = %L and kind = 'telephony.forwarding_checked' $$, :'org'), format($$ values ('{"id": "%s", "reached": true}'::jsonb) $$, :'id'), 'open screens hear of it');

-- It did not.
select tests.as_user(:'admin');
select is((public.check_forwarding(:'id')).kind, 'twilio.check_call', 'it may be checked again');
select tests.answered(:'org', 'twilio.check_call', jsonb_build_object('call_sid', 'CA' || repeat('2', 32)));
select tests.answered(:'org', 'twilio.check_result', '{"reached": false, "ended": true, "call_status": "completed"}', p_now => now() + interval '23 seconds');
select is(a, (true, false, 'The call to your number did not reach Voxanne. Dial **61*+442071230009*11*20# on that phone again, then have it checked again.', 'completed', now() + interval '23 seconds', null)::public.forwarding_check,
    'somebody or something else took it') from public.forwarding_checked(:'id') as a;
select public.check_forwarding(:'id') \gset
select tests.answered(:'org', 'twilio.check_call', jsonb_build_object('call_sid', 'CA' || repeat('3', 32)));
select tests.answered(:'org', 'twilio.check_result', '{"reached": false, "ended": false, "call_status": "ringing"}', p_now => now() + interval '59 seconds');
select is(pg_temp.next_look(:'org'), '61', 'it rings and rings');
select tests.answered(:'org', 'twilio.check_result', '{"reached": false, "ended": false, "call_status": "ringing"}', p_now => now() + interval '61 seconds');
select is(pg_temp.kept(:'id'), '61 {"reached": false, "call_status": "ringing"} t', 'but not for ever');

-- Always forwarded: at once.
select ((public.save_forwarding_config(:'second', 'total_ai', 'three')).config).id as total \gset
select public.check_forwarding(:'total') \gset
select tests.answered(:'org', 'twilio.check_call', jsonb_build_object('call_sid', 'CA' || repeat('4', 32)));
select is(pg_temp.next_look(:'org'), '3', 'a phone that never rings is looked for at once');
select tests.answered(:'org', 'twilio.check_result', '{"reached": true, "ended": false, "call_status": "in-progress"}');

-- No call was made.
select public.check_forwarding(:'total') \gset
select tests.answered(:'org', 'twilio.check_call', '{"refused": "check_call_refused", "said": "21210"}');
select tests.throws_code(format('select public.forwarding_checked(%L)', :'total'), 'check_call_refused', 'a call that Twilio refused says nothing of the forwarding');
select is(pg_temp.kept(:'total'), '0 {"refused": "check_call_refused"} t', 'it is kept as that');
select is(((public.get_forwarding_config(:'second')).config)."lastCheckReached", null, 'and shown as nothing');
select public.check_forwarding(:'total') \gset
select tests.answered(:'org', 'twilio.check_call', null, 'dead');
select tests.throws_code(format('select public.forwarding_checked(%L)', :'total'), 'provider_refused', 'nor does one that could not be ordered');
select public.check_forwarding(:'total') \gset
select tests.answered(:'org', 'twilio.check_call', jsonb_build_object('call_sid', 'CA' || repeat('5', 32)));
select tests.answered(:'org', 'twilio.check_result', null, 'dead');
select tests.throws_code(format('select public.forwarding_checked(%L)', :'total'), 'provider_refused', 'nor a look that Twilio never answered');

-- Changed meanwhile.
select public.check_forwarding(:'id') \gset
select public.save_forwarding_config(:'phone', 'total_ai', 'ee') \gset
select tests.answered(:'org', 'twilio.check_call', jsonb_build_object('call_sid', 'CA' || repeat('6', 32)));
select is(pg_temp.next_look(:'org'), null, 'a forwarding set up anew waits for no old check');
select is(pg_temp.kept(:'id'), 't', 'and learns nothing from it');
select public.check_forwarding(:'id') \gset
select tests.answered(:'org', 'twilio.check_call', jsonb_build_object('call_sid', 'CA' || repeat('7', 32)));
select public.delete_forwarding_config(:'id') \gset
select tests.answered(:'org', 'twilio.check_result', '{"reached": true, "ended": false, "call_status": "in-progress"}');
select is(pg_temp.kept(:'id'), 't', 'nor one that was ended');
select public.check_forwarding(:'total') \gset
select tests.answered(:'org', 'twilio.check_call', jsonb_build_object('call_sid', 'CA' || repeat('8', 32)));
select public.delete_verified_number(:'second') \gset
select lives_ok(format('select tests.answered(%L, ''twilio.check_result'', %L)', :'org', '{"reached": true, "ended": true, "call_status": "completed"}'), 'one whose phone was removed is no fault');

-- From where.
select tests.as_owner();
delete from private.org_credentials where org_id = :'org' and type = 'outbound';
select tests.as_user(:'admin');
select ((public.save_forwarding_config(:'phone', 'total_ai', 'ee')).config).id as id \gset
select public.check_forwarding(:'id') \gset
select is(tests.answered(:'org', 'twilio.check_call', '{"refused": "check_call_refused"}') ->> 'from', '+442071230009', 'with one number alone the phone is called from that');
select tests.as_owner();
update public.organizations set telephony_mode = 'none' where id = :'org';
select tests.as_user(:'admin');
select tests.throws_code(format('select public.check_forwarding(%L)', :'id'), 'telephony_not_configured');

-- Where to.
select tests.as_owner();
update public.organizations set telephony_mode = 'byoc' where id = :'org';
update public.phone_number_mapping set phone_number = '+442071230011' where org_id = :'org';
select tests.as_user(:'admin');
select tests.throws_code(format('select public.%s(%L)', f, :'id'), 'forwarding_ended', 'one that leads to a number that is not the organisation''s any more is over: ' || f)
from unnest(array['check_forwarding', 'confirm_forwarding_config']) as f;
select is(((public.save_forwarding_config(:'phone', 'total_ai', 'ee')).config)."generatedActivationCode", '**21*+442071230011#', 'set up anew it leads to the one that is');

select * from finish();
rollback;
