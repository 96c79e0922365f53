begin;
set local search_path = pg_catalog, extensions, pg_temp;
select plan(9);

update private.telephony_countries set bundle_sid = 'BU' || repeat('0', 32) where country_code = 'GB';
select tests.funded(3000) as org, tests.funded(1000) as other \gset

-- What an organisation's sagas ask for now, and what waits.
create function pg_temp.asked(p_org uuid) returns text[] language sql as $$
    select array_agg(concat_ws(' ', e.kind, e.state, e.queue_key is not null) order by e.id) from private.effects e
    where e.org_id = p_org and e.kind ~ '^(twilio|vapi)';
$$;

select tests.as_user(tests.admin(:'org'));
select public.provision_number('GB', 'inbound') ->> 'id' as first \gset
select public.provision_number('GB', 'outbound') ->> 'id' as second \gset
select tests.as_user(tests.admin(:'other'));
select public.provision_number('GB', 'inbound') ->> 'id' as theirs \gset
select tests.as_owner();
select is(pg_temp.asked(:'org'), array['twilio.ensure_subaccount ready t', 'twilio.ensure_subaccount waiting t'], 'of two sagas that make something for an organisation the second waits');
select is(pg_temp.asked(:'other'), array['twilio.ensure_subaccount ready t'], 'another organisation''s does not');
select jsonb_build_object('subaccount_sid', 'AC' || repeat('6', 32), 'sealed', encode(decode(repeat('ab', 40), 'hex'), 'base64'), 'key_version', 1) as account \gset
select tests.step_done(:'first', :'account');
select is(pg_temp.asked(:'org'), array['twilio.ensure_subaccount ready t', 'twilio.buy_number waiting t'], 'then it is the second one''s turn');
select tests.step_done(:'second', :'account');
select is(pg_temp.asked(:'org'), array['twilio.buy_number ready t', 'twilio.buy_number waiting t'], 'so that no two look for a number to buy at the same moment');
select tests.step_done(:'first', jsonb_build_object('phone_number', '+442071230001', 'twilio_sid', 'PN' || repeat('6', 32)));
select is(pg_temp.asked(:'org'), array['twilio.buy_number ready t', 'vapi.import_number waiting t'], 'and the second sees what the first one bought');

-- What takes something back waits for nobody, and nobody for it.
select tests.step_done(:'second', null, 'dead');
select is(pg_temp.asked(:'org'), array['vapi.import_number ready t', 'twilio.release_number ready f'], 'what is taken back goes beside');
select tests.step_done(:'second', null, 'dead');
select is(pg_temp.asked(:'org'), array['vapi.import_number ready t', 'twilio.release_number ready f'], 'also when it is stuck');
select tests.step_done(:'first', jsonb_build_object('vapi_phone_id', gen_random_uuid()));
select tests.step_done(:'first');
select tests.as_user(tests.admin(:'org'));
select public.release_number('+442071230001');
select tests.as_owner();
select is(pg_temp.asked(:'org'), array['twilio.release_number ready f', 'vapi.release_number ready f'], 'a release has no turn either');
select is((select array_agg(s.state order by s.state) from private.sagas s where s.id in (:'first', :'second')), array['done', 'undoing'], 'one number was had, the other is given up');

select * from finish();
