begin;
set local search_path = pg_catalog, extensions, pg_temp;
select plan(19);

update private.telephony_countries set bundle_sid = 'BU' || repeat('0', 32) where country_code = 'GB';
select tests.funded(5000) as org, tests.funded(5000) as other \gset
select tests.admin(:'org') as admin, tests.user(:'org', 'user') as person, tests.admin(:'other') as stranger,
       tests.api_key(:'org', '{telephony:read}') as key, tests.api_key(:'org', '{wallet:read}') as reader \gset
create function pg_temp.shown() returns text[] language sql as $$ select array_agg(concat_ws(' ', n.phone_number, n.routing_direction, n.status, n.price_pence)) from public.list_managed_numbers() n; $$;
create function pg_temp.given() returns text[] language sql as $$ select array_agg(concat_ws(' ', n.phone_number, n.direction)) from public.list_agent_phone_numbers() n; $$;
grant execute on function pg_temp.shown(), pg_temp.given() to authenticated;

select tests.as_user(:'person');
select is(pg_temp.shown(), null, 'an organisation without numbers has none to show');
select is(pg_temp.given(), null, 'and none to give to an agent');
select tests.as_owner();
select tests.bought_number(:'org', 'inbound', '+442071230001', '2026-05-01') as inbound \gset
select tests.bought_number(:'org', 'outbound', '+442071230002', '2026-05-02') as outbound \gset
select tests.bought_number(:'other', 'inbound', '+442071230003', '2026-05-03');
select tests.as_user(:'person');
select is(pg_temp.shown(), array['+442071230002 outbound active 1000', '+442071230001 inbound active 1000'], 'everyone sees the organisation''s numbers, the newest first');
select is(pg_temp.given(), array['+442071230001 inbound', '+442071230002 outbound'], 'an agent may be given each of them');
select is((select n.vapi_phone_id from public.list_agent_phone_numbers() n where n.direction = 'inbound'), (select m.vapi_phone_id from public.list_managed_numbers() m where m.id = :'inbound'), 'by its name at Vapi');
select tests.as_user(:'stranger');
select is(pg_temp.shown(), array['+442071230003 inbound active 1000'], 'another organisation sees its own');
select is(pg_temp.given(), array['+442071230003 inbound'], 'and gives its own');
select tests.as_api_key(:'key');
select is((select count(*) from public.list_managed_numbers()) + (select count(*) from public.list_agent_phone_numbers()), 4::bigint, 'a key may look, with its scope');
select tests.as_api_key(:'reader');
select tests.throws_code('select public.list_managed_numbers()', 'scope_missing');
select tests.throws_code('select public.list_agent_phone_numbers()', 'scope_missing');

-- Given back: history, and for no agent.
select tests.as_user(:'admin');
select id as release from public.release_number('+442071230001') \gset
select is((public.released_number(:'release')).status, 'releasing', 'a number that is being given back can be followed');
select is(pg_temp.shown(), array['+442071230002 outbound active 1000', '+442071230001 inbound releasing 1000'], 'a number that is being given back shows as that');
select is(pg_temp.given(), array['+442071230002 outbound'], 'no agent can be given it any more, from the first moment');
select tests.throws_code($$ select public.release_number('+442071230003') $$, 'number_not_found', 'another organisation''s number is not there to give back');
select tests.throws_code(format('select public.released_number(%L)', gen_random_uuid()), 'operation_not_found');
select tests.as_user(:'stranger');
select tests.throws_code(format('select public.released_number(%L)', :'release'), 'operation_not_found', 'by its organisation');
select tests.as_owner();
select tests.step_done(s.id) from private.sagas s where s.org_id = :'org' and s.saga = 'release_number';
select tests.step_done(s.id) from private.sagas s where s.org_id = :'org' and s.saga = 'release_number';
select tests.as_user(:'admin');
select is(pg_temp.shown(), array['+442071230002 outbound active 1000', '+442071230001 inbound released 1000'], 'afterwards it is history');

-- What is not in use yet, and what Vapi does not know, is for no agent.
select tests.as_owner();
update private.org_credentials c set is_active = false where c.org_id = :'org';
select tests.as_user(:'person');
select is(pg_temp.given(), null, 'keys that are not in use give no number');
select tests.as_owner();
update private.org_credentials c set is_active = true, vapi_phone_id = null where c.org_id = :'org';
select tests.as_user(:'person');
select is(pg_temp.given(), null, 'nor does a number that Vapi does not know');
select tests.as_owner();

select * from finish();
rollback;
