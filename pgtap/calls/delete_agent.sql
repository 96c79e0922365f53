begin;
set local search_path = pg_catalog, extensions, pg_temp;
select plan(34);

select tests.funded(5000) as org, tests.funded(5000) as other \gset
select tests.admin(:'org') as admin, tests.user(:'org') as member, tests.admin(:'other') as stranger \gset
create function pg_temp.rings(p_org uuid) returns text language sql security definer as $$
    select string_agg(coalesce(a.name, 'nobody'), ', ' order by m.phone_number) from public.phone_number_mapping m
    left join public.agents a on a.org_id = m.org_id and a.id = m.agent_id where m.org_id = p_org; $$;
create function pg_temp.agent(p_name text, p_direction text, p_more jsonb default '{}') returns uuid language sql as $$
    select (public.create_agent(jsonb_build_object('name', p_name, 'direction', p_direction) || p_more)).id; $$;
create function pg_temp.number_of(p_agent uuid) returns text language sql security definer as $$ select a.vapi_phone_number_id from public.agents a where a.id = p_agent; $$;
grant execute on function pg_temp.rings(uuid), pg_temp.agent(text, text, jsonb), pg_temp.number_of(uuid) to authenticated;

-- Numbers before agents.
select tests.bought_number(:'org', 'inbound', '+442071230001', '2026-05-01'), tests.bought_number(:'org', 'outbound', '+442071230002', '2026-05-01'),
       tests.bought_number(:'other', 'inbound', '+442071230003', '2026-05-01'), tests.bought_number(:'other', 'outbound', '+442071230004', '2026-05-01') \gset
select c.vapi_phone_id as inbound from private.org_credentials c where c.phone_number = '+442071230001' \gset
select c.vapi_phone_id as outbound from private.org_credentials c where c.phone_number = '+442071230002' \gset
select c.vapi_phone_id as theirs from private.org_credentials c where c.phone_number = '+442071230003' \gset
select is(pg_temp.rings(:'org'), 'nobody', 'a number that was there first rings for nobody');
select tests.as_user(:'admin');
select pg_temp.agent('Caller', 'outbound') as caller \gset
select is(pg_temp.number_of(:'caller'), :'outbound', 'an agent that calls has the number to call with');
select is(pg_temp.rings(:'org'), 'nobody', 'and answers none');
select pg_temp.agent('Asleep', 'inbound', '{"is_active": false}') as asleep \gset
select is(pg_temp.rings(:'org'), 'nobody', 'nor does one that is not active');
select pg_temp.agent('First', 'inbound') as first \gset
select is(pg_temp.rings(:'org'), 'First', 'the first that answers has the number that rings');
select is(pg_temp.number_of(:'first'), null, 'without having been given it');
select pg_temp.agent('Second', 'inbound') as second \gset
select is(pg_temp.rings(:'org'), 'First', 'the next leaves it where it is');
select is(pg_temp.rings(:'other'), 'nobody', 'nobody else''s number is touched');

-- Given.
select tests.throws_code(format('select public.update_agent(%L, ''{"vapi_phone_number_id": "%s"}'')', :'second', :'theirs'), 'agent_number_unknown', 'nobody is given another organisation''s number');
select tests.throws_code(format('select public.update_agent(%L, ''{"vapi_phone_number_id": "%s"}'')', :'second', :'outbound'), 'agent_number_unknown', 'nor one of the other direction');
select (public.update_agent(:'second', jsonb_build_object('vapi_phone_number_id', :'inbound'))).version \gset
select is(pg_temp.rings(:'org'), 'Second', 'a number rings for whom it is given to');
select (public.update_agent(:'first', jsonb_build_object('vapi_phone_number_id', :'inbound'))).version \gset
select is(pg_temp.rings(:'org'), 'First', 'and for the next it is given to');
select is(pg_temp.number_of(:'second'), null, 'who had it has it no more');
select (public.update_agent(:'caller', '{"vapi_phone_number_id": null}')).version \gset
select is(pg_temp.number_of(:'caller'), :'outbound', 'an agent that calls is never without the organisation''s number');

-- Put to sleep.
select (public.update_agent(:'first', '{"is_active": false}')).version \gset
select is(pg_temp.rings(:'org'), 'Second', 'who is put to sleep is followed by the next that is awake');
select (public.update_agent(:'asleep', '{"is_active": true}')).version \gset
select is(pg_temp.rings(:'org'), 'Second', 'who wakes up takes nothing away');

-- Deleted.
select tests.as_user(:'member');
select tests.throws_code(format('select public.delete_agent(%L)', :'second'), 'role_too_low');
select tests.as_user(:'stranger');
select tests.throws_code(format('select public.delete_agent(%L)', :'second'), 'agent_not_found');
select tests.as_owner();
update public.agents a set vapi_assistant_id = 'asst-2' where a.id = :'second';
select tests.as_user(:'admin');
select is((a.is_active, a.deleted_at is not null, a.name)::text, '(f,t,Second)', 'a deleted agent is told of once more') from public.delete_agent(:'second') as a;
select is(pg_temp.rings(:'org'), 'Asleep', 'its number rings for the next');
select tests.throws_code(format('select public.delete_agent(%L)', :'second'), 'agent_not_found');
select tests.throws_code(format('select public.get_agent(%L)', :'second'), 'agent_not_found');
select tests.throws_code(format('select public.update_agent(%L, ''{"name": "A"}'')', :'second'), 'agent_not_found');
select tests.throws_code(format('select public.rollback_agent(%L, 1)', :'second'), 'agent_not_found');
select tests.throws_code(format('select public.list_agent_versions(%L)', :'second'), 'agent_not_found');
select is((select array_agg(a.name order by a.name) from public.list_agents() as a), array['Asleep', 'Caller', 'First'], 'it is in no list');
select tests.as_owner();
select is(count(*), 1::bigint, 'it stays for the calls it had') from public.agents a where a.id = :'second';
select is(array_agg(e.kind order by e.id), array['vapi.sync_assistant', 'vapi.drop_assistant'], 'its assistant goes, after what was ordered before') from private.effects e where e.queue_key = 'agent:' || :'second';
select is(e.payload, jsonb_build_object('org_id', :'org', 'agent_id', :'second', 'vapi_assistant_id', 'asst-2', 'name', 'voxanne:' || :'second'), 'by its id and by its name')
from private.effects e where e.queue_key = 'agent:' || :'second' and e.kind = 'vapi.drop_assistant';
select is(private.assistant_wish(:'org', :'second'), null, 'and nothing is wished of it');
select tests.as_user(:'admin');
select (public.delete_agent(:'first')).id, (public.delete_agent(:'asleep')).id \gset
select is(pg_temp.rings(:'org'), 'nobody', 'with nobody left a number rings for nobody');
select is((select array_agg(a.name) from public.list_agents() as a), array['Caller'], 'until there is one again');
select pg_temp.agent('Third', 'inbound') \gset
select is(pg_temp.rings(:'org'), 'Third', 'and then for them');

-- A number that was given back meanwhile does not come back with a version.
select (public.update_agent(:'caller', '{"name": "Renamed"}')).version \gset
select tests.as_owner();
select private.unlink_number(:'org', '+442071230002', :'outbound', now());
select tests.as_user(:'admin');
select is((a.name, a.vapi_phone_number_id)::text, '(Caller,)', 'a rollback brings back no number that is gone') from public.rollback_agent(:'caller', 1) as a;

select tests.as_owner();
select * from finish();
rollback;
