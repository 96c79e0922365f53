begin;
set local search_path = pg_catalog, extensions, pg_temp;
select plan(32);

select tests.org('Smile') as org, tests.org('Grin') as other \gset
select tests.admin(:'org') as admin, tests.user(:'org', 'manager') as manager, tests.user(:'org') as member, tests.admin(:'other') as stranger,
       tests.api_key(:'org', '{agents:write}') as writer \gset
select tests.as_user(:'admin');
select (public.create_agent('{"name": "Desk", "direction": "inbound", "first_message": "Hello.", "system_prompt": "One"}')).id as agent \gset
select tests.as_owner();
delete from private.effects e where e.queue_key = 'agent:' || :'agent';
update public.agents a set tools_status = 'linked', synced_version = 1, sync_error = null where a.id = :'agent';

-- A save.
select tests.as_user(:'manager');
select to_jsonb(a) as saved from public.update_agent(:'agent', '{"system_prompt": "Two", "first_message": null}') as a \gset
select is((:'saved'::jsonb ->> 'version')::integer, 2, 'a save is a version');
select is(:'saved'::jsonb ->> 'first_message', null, 'null clears');
select is(:'saved'::jsonb ->> 'name', 'Desk', 'what is absent stays');
select is(:'saved'::jsonb ->> 'tools_status', 'pending', 'Vapi is yet to follow');
select is((v.version, v.saved_by, v.settings ->> 'system_prompt', v.settings ->> 'first_message')::text, format('(1,%s,One,Hello.)', :'manager'), 'what it was is kept, with who changed it')
from public.list_agent_versions(:'agent') as v;
select is((select v.settings ?| array['id', 'version', 'vapi_assistant_id', 'tools_status'] from public.list_agent_versions(:'agent') as v), false, 'what nobody sets is no setting');
select tests.as_owner();
select is(count(*), 1::bigint, 'the assistant is ordered') from private.effects e where e.queue_key = 'agent:' || :'agent';

-- Nothing changed.
select tests.as_user(:'manager');
select is((public.update_agent(:'agent', '{"system_prompt": "Two", "name": " Desk "}')).version, 2, 'what changes nothing is no version');
select is((public.update_agent(:'agent', '{}')).version, 2, 'nor is an empty patch');

-- Another save before Vapi was asked.
select is((public.update_agent(:'agent', '{"system_prompt": "Three", "temperature": 0.2}')).version, 3, 'the next one is');
select tests.as_owner();
select is(count(*), 1::bigint, 'an order that has not begun serves it, too') from private.effects e where e.queue_key = 'agent:' || :'agent';
update private.effects e set state = 'running', lease_token = gen_random_uuid(), lease_until = now() + interval '1 minute' where e.queue_key = 'agent:' || :'agent';
select tests.as_user(:'manager');
select is((public.update_agent(:'agent', '{"system_prompt": "Four"}')).version, 4, 'a third');
select tests.as_owner();
select is(array_agg(e.state order by e.id), array['running', 'waiting'], 'one that has begun does not: the next waits for it') from private.effects e where e.queue_key = 'agent:' || :'agent';
update private.effects e set priority = 200, run_at = now() + interval '3 hours' where e.queue_key = 'agent:' || :'agent' and e.state = 'waiting';
select tests.as_user(:'manager');
select (public.update_agent(:'agent', '{"system_prompt": "Five"}')).version \gset
select tests.as_owner();
select is((e.priority, e.run_at <= now())::text, '(50,t)', 'one that had time is brought forward') from private.effects e where e.queue_key = 'agent:' || :'agent' and e.state = 'waiting';

-- At the same time.
select tests.as_user(:'manager');
select tests.throws_code(format('select public.update_agent(%L, ''{"name": "Mine"}'', 4)', :'agent'), 'agent_changed');
select is((public.update_agent(:'agent', '{"name": "Mine"}', 5)).name, 'Mine', 'who names the version of today may');

-- By whom.
select tests.as_user(:'member');
select tests.throws_code(format('select public.update_agent(%L, ''{"name": "A"}'')', :'agent'), 'role_too_low');
select tests.throws_code(format('select public.rollback_agent(%L, 1)', :'agent'), 'role_too_low');
select is((select array_agg(v.version) from public.list_agent_versions(:'agent', 5, 2) as v), array[4, 3], 'everybody reads what it was, a page at a time');
select tests.throws_code(format('select public.list_agent_versions(%L, null, 201)', :'agent'), 'invalid_value');
select tests.as_user(:'stranger');
select tests.throws_code(format('select public.update_agent(%L, ''{"name": "A"}'')', :'agent'), 'agent_not_found');
select tests.throws_code(format('select public.rollback_agent(%L, 1)', :'agent'), 'agent_not_found');
select tests.as_user(:'admin');
select tests.throws_code(format('select public.update_agent(%L, ''{"direction": "outbound"}'')', :'agent'), 'unknown_field');
select tests.throws_code(format('select public.update_agent(%L, ''{"version": 1}'')', :'agent'), 'unknown_field');

-- Back.
select to_jsonb(a) as back from public.rollback_agent(:'agent', 1) as a \gset
select is(concat_ws(' ', :'back'::jsonb ->> 'version', :'back'::jsonb ->> 'name', :'back'::jsonb ->> 'system_prompt', :'back'::jsonb ->> 'first_message', :'back'::jsonb ->> 'temperature'),
    '7 Desk One Hello. 0.70', 'a rollback saves what was');
select is((public.rollback_agent(:'agent', 6)).name, 'Mine', 'and can be rolled back');
select is((public.rollback_agent(:'agent', 8)).version, 8, 'back to what is, nothing happens');
select tests.throws_code(format('select public.rollback_agent(%L, 99)', :'agent'), 'agent_version_not_found');
select tests.throws_code(format('select public.rollback_agent(%L, 1, 7)', :'agent'), 'agent_changed');
select tests.as_api_key(:'writer');
select is((public.rollback_agent(:'agent', 1)).version, 9, 'a key that may write them rolls back, too');
select tests.as_owner();
select is(v.saved_by, null, 'and is nobody') from public.agent_versions v where v.org_id = :'org' and v.version = 8;
select is(count(*), 0::bigint, 'how far Vapi has followed is in no audit log')
from public.audit_logs l where l.org_id = :'org' and l.table_name = 'agents' and (l.after ?| array['tools_status', 'synced_version', 'sync_error', 'synced_at']) and l.action = 'update';

select * from finish();
rollback;
