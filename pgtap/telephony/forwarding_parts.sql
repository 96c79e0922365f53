begin;
set local search_path = pg_catalog, extensions, pg_temp;
select plan(41);

select tests.org('Smile') as org, tests.org('Grin') as other, tests.org('Bare') as bare, '2026-11-21 12:00+00' as then \gset

-- Which numbers a forwarded phone needs.
select is(concat((private.forwarding_numbers(:'org')).inbound, (private.forwarding_numbers(:'org')).checked_from), '', 'where nothing answers there is nowhere to forward to');
insert into public.phone_number_mapping (phone_number, org_id, created_at) values ('+442071230009', :'org', '2026-11-01'), ('+442071230008', :'other', '2026-11-02');
select is(private.forwarding_numbers(:'org'), ('+442071230009'::text, '+442071230009'::text), 'the number that rings is where calls go, and with no other one where checks come from');
insert into private.org_credentials (org_id, provider, type, phone_number, is_active) values (:'org', 'twilio', 'outbound', '+442071230010', false);
select is((private.forwarding_numbers(:'org')).checked_from, '+442071230009', 'a number that is not used yet checks nothing');
update private.org_credentials set is_active = true where org_id = :'org';
select is(private.forwarding_numbers(:'org'), ('+442071230009'::text, '+442071230010'::text), 'the other number checks');
select is(private.forwarding_numbers(:'other'), ('+442071230008'::text, '+442071230008'::text), 'for its own organisation');
insert into public.phone_number_mapping (phone_number, org_id, created_at) values ('+442071230019', :'org', '2026-11-03');
select is((private.forwarding_numbers(:'org')).inbound, '+442071230019', 'of two that ring the newest');
insert into private.org_credentials (org_id, provider, type, phone_number, is_active) values (:'bare', 'twilio', 'outbound', '+442071230011', true);
select is(concat((private.forwarding_numbers(:'bare')).inbound, (private.forwarding_numbers(:'bare')).checked_from), '', 'who can only call has nothing to forward to');

-- A forwarding, and another organisation's of the same id.
select tests.verified_phone(:'org') as phone, tests.verified_phone(:'other') as other_phone, gen_random_uuid() as id \gset
insert into public.hybrid_forwarding_configs (org_id, id, verified_caller_id, sim_phone_number, forwarding_type, carrier, twilio_forwarding_number, generated_activation_code, generated_deactivation_code)
values (:'org', :'id', :'phone', '+447700900123', 'total_ai', 'ee', '+442071230009', 'on', 'off'), (:'other', :'id', :'other_phone', '+447700900123', 'total_ai', 'ee', '+442071230008', 'on', 'off');
create function pg_temp.kept(p_org uuid) returns text language sql as $$
    select concat_ws(' ', f.last_checked_at at time zone 'UTC', f.check_result, coalesce((select e.kind from private.effects e where e.id = f.check_effect_id), f.check_effect_id::text, 'none'), f.updated_at at time zone 'UTC')
    from public.hybrid_forwarding_configs f where f.org_id = p_org;
$$;
create function pg_temp.told(p_org uuid) returns jsonb[] language sql as $$
    select array_agg(e.payload order by e.id) from private.events e where e.org_id = p_org and e.kind = 'telephony.forwarding_checked';
$$;
select pg_temp.kept(:'other') as theirs \gset

-- Held.
select is((private.held_forwarding(:'org', :'id')).twilio_forwarding_number, '+442071230009', 'a forwarding is found among the organisation''s own');
select tests.throws_code(format('select private.held_forwarding(%L, %L)', :'bare', :'id'), 'forwarding_config_not_found', 'who has none of that id finds none');
select tests.throws_code(format('select private.held_forwarding(%L, null)', :'org'), 'forwarding_config_not_found', 'nothing is none');
update public.hybrid_forwarding_configs set status = 'active', user_confirmed_setup = true, confirmed_at = now() where org_id = :'org';
select is((private.held_forwarding(:'org', :'id')).status, 'active', 'one that was set up is found');
update public.hybrid_forwarding_configs set status = 'disabled' where org_id = :'org';
select tests.throws_code(format('select private.held_forwarding(%L, %L)', :'org', :'id'), 'forwarding_ended', 'one that was ended is over');
select is((private.held_forwarding(:'other', :'id')).status, 'pending_setup', 'another organisation''s is not');
update public.hybrid_forwarding_configs set status = 'active', twilio_forwarding_number = '+442071230008' where org_id = :'org';
select tests.throws_code(format('select private.held_forwarding(%L, %L)', :'org', :'id'), 'forwarding_ended', 'so is one that leads to a number of somebody else');
update public.hybrid_forwarding_configs set twilio_forwarding_number = '+442071230009' where org_id = :'org';

-- A look for the call.
select jsonb_build_object('org_id', :'org', 'config_id', :'id', 'call_sid', 'CA1', 'until', '2026-11-21T12:01:00+00:00') as payload \gset
select private.look_for_check_call(:'payload', '2026-11-21 12:00:05+00', :'then') \g /dev/null
select is(pg_temp.kept(:'org'), 'twilio.check_result 2026-11-21 12:00:00', 'a look is the forwarding''s step under way');
select is((e.org_id, e.kind, e.payload, e.run_at, e.queue_key), (:'org'::uuid, 'twilio.check_result'::text, :'payload'::jsonb, '2026-11-21 12:00:05+00'::timestamptz, null::text), 'at its time, told all that was known') from private.effects e where e.org_id = :'org' and e.kind = 'twilio.check_result';
select is(pg_temp.kept(:'other'), :'theirs', 'another organisation''s forwarding of that id has no step');

-- What a look saw.
create function pg_temp.seen(p_org uuid, p_result jsonb, p_now timestamptz, p_outcome text default 'done') returns text language plpgsql as $$
begin
    perform private.forwarding_check_seen(
        jsonb_build_object('id', (select f.check_effect_id from public.hybrid_forwarding_configs f where f.org_id = p_org), 'ended_at', p_now,
            'payload', (select e.payload from private.effects e where e.org_id = p_org and e.kind = 'twilio.check_result' order by e.id desc limit 1)),
        p_outcome, p_result);
    return pg_temp.kept(p_org);
end
$$;
create function pg_temp.looks(p_org uuid) returns text language sql as $$
    select string_agg(to_char(e.run_at at time zone 'UTC', 'MI:SS'), ',' order by e.id) from private.effects e where e.org_id = p_org and e.kind = 'twilio.check_result';
$$;
select f.check_effect_id as first from public.hybrid_forwarding_configs f where f.org_id = :'org' \gset
select is(pg_temp.seen(:'org', '{"reached": false, "ended": false, "call_status": "ringing"}', '2026-11-21 12:00:06+00'), 'twilio.check_result 2026-11-21 12:00:06', 'a call that still rings has no verdict');
select is(pg_temp.looks(:'org'), '00:05,00:08', 'it is looked for again two seconds later');
select isnt(f.check_effect_id, :'first'::uuid, 'as a new step') from public.hybrid_forwarding_configs f where f.org_id = :'org';
select is(pg_temp.told(:'org'), null, 'screens hear nothing yet');
select private.forwarding_check_seen(jsonb_build_object('id', :'first', 'ended_at', '2026-11-21 12:00:07+00', 'payload', :'payload'::jsonb), 'done', '{"reached": true, "ended": true}') \g /dev/null
select is(pg_temp.kept(:'org'), 'twilio.check_result 2026-11-21 12:00:06', 'what an older look saw says nothing any more');
select is(pg_temp.seen(:'org', '{"reached": true, "ended": false, "call_status": "in-progress"}', '2026-11-21 12:00:09+00'), '2026-11-21 12:00:09 {"reached": true, "call_status": "in-progress"} none 2026-11-21 12:00:09', 'a call that came back: it works');
select is(pg_temp.looks(:'org'), '00:05,00:08', 'nobody looks any more');
select is(pg_temp.told(:'org'), array[jsonb_build_object('id', :'id', 'reached', true)], 'and screens hear of it');
create function pg_temp.verdict(p_org uuid, p_payload jsonb, p_result jsonb, p_now timestamptz, p_outcome text default 'done') returns text language plpgsql as $$
begin
    perform private.look_for_check_call(p_payload, p_now, p_now);
    return pg_temp.seen(p_org, p_result, p_now, p_outcome);
end
$$;
select is(pg_temp.verdict(:'org', :'payload', '{"reached": false, "ended": true, "call_status": "busy"}', '2026-11-21 12:00:10+00'), '2026-11-21 12:00:10 {"reached": false, "call_status": "busy"} none 2026-11-21 12:00:10', 'a call that is over did not come back');
select is(pg_temp.verdict(:'org', :'payload', '{"reached": false, "ended": false, "call_status": "ringing"}', '2026-11-21 12:00:59+00'), '2026-11-21 12:00:10 {"reached": false, "call_status": "busy"} twilio.check_result 2026-11-21 12:00:59', 'to the last second it may');
select is(pg_temp.verdict(:'org', :'payload', '{"reached": false, "ended": false, "call_status": "ringing"}', '2026-11-21 12:01:00+00'), '2026-11-21 12:01:00 {"reached": false, "call_status": "ringing"} none 2026-11-21 12:01:00', 'then it is not waited for any longer');
select is(pg_temp.verdict(:'org', :'payload', '{"reached": true, "ended": true}', '2026-11-21 12:02:00+00'), '2026-11-21 12:02:00 {"reached": true} none 2026-11-21 12:02:00', 'seen late is seen; what is not known is not written down');
select is(pg_temp.verdict(:'org', :'payload', v, '2026-11-21 12:00:11+00', outcome), '2026-11-21 12:00:11 {"refused": "provider_refused"} none 2026-11-21 12:00:11', description)
from (values ('dead', null::jsonb, 'a look that had no answer ends the check without a verdict'), ('done', '{"refused": "twilio_credentials_wrong"}', 'so does a no of Twilio''s'), ('refused', '{"reached": true}', 'and whatever else was not done')) as t (outcome, v, description);
select is((pg_temp.told(:'org'))[5], jsonb_build_object('id', :'id', 'reached', null), 'screens hear that nothing is known');

-- Closed.
select private.close_forwarding_check(:'payload', '{"reached": false, "call_status": null}', :'then') \g /dev/null
select is(pg_temp.kept(:'org'), '2026-11-21 12:00:00 {"reached": false} none 2026-11-21 12:00:00', 'a check that is closed is kept with when');
select is((pg_temp.told(:'org'))[cardinality(pg_temp.told(:'org'))], jsonb_build_object('id', :'id', 'reached', false), 'and told');
select is((f.status, f.user_confirmed_setup)::text, '(active,t)', 'what its owner confirmed stays confirmed, whatever a check saw') from public.hybrid_forwarding_configs f where f.org_id = :'org';
select is(pg_temp.kept(:'other'), :'theirs', 'another organisation''s forwarding of that id was never checked');
select is(pg_temp.told(:'other'), null, 'nor did its screens hear of one');

-- The number it leads to is given back.
update public.hybrid_forwarding_configs set check_effect_id = gen_random_uuid() where org_id = :'org';
create function pg_temp.standing(p_org uuid) returns text language sql as $$
    select (f.status, f.user_confirmed_setup, f.confirmed_at, f.check_effect_id, f.generated_deactivation_code)::text from public.hybrid_forwarding_configs f where f.org_id = p_org;
$$;
select pg_temp.standing(:'org') as before, pg_temp.standing(:'other') as theirs \gset
select private.unlink_number(:'org', '+442071230019', null, :'then') \g /dev/null
select is(pg_temp.standing(:'org'), :'before', 'a forwarding that leads elsewhere goes on');
select private.unlink_number(:'org', '+442071230009', null, :'then') \g /dev/null
select is(pg_temp.standing(:'org'), '(disabled,f,,,off)', 'one that leads there is over, nothing is confirmed or checked of it, and what ends it on the phone is kept');
select is(pg_temp.standing(:'other'), :'theirs', 'another organisation''s of that id is not');

select * from finish();
rollback;
