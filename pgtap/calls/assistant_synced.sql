begin;
set local search_path = pg_catalog, extensions, pg_temp;
select plan(33);

select tests.org('Smile') as org, tests.org('Grin') as other \gset
select tests.admin(:'org') as admin, tests.user(:'org') as member, tests.admin(:'other') as stranger \gset
delete from private.tool_registrations;
delete from public.tool_definitions;
insert into public.tool_definitions (name, description, parameters) values
    ('endCall', 'Ends.', '{"type": "object", "properties": {}}'), ('takeMessage', 'Takes.', '{"type": "object", "properties": {}}');
insert into private.tool_registrations (tool_name, definition_hash, vapi_tool_id, state)
select d.name, d.definition_hash, 'tool-' || d.name, 'registered' from public.tool_definitions d;
create function pg_temp.synced(p_org uuid, p_agent uuid, p_outcome text, p_result jsonb default null, p_error text default null) returns void language sql as $$
    select private.assistant_synced(jsonb_build_object('payload', jsonb_build_object('org_id', p_org, 'agent_id', p_agent), 'ended_at', now(), 'last_error', p_error), p_outcome, p_result); $$;
create function pg_temp.state(p_agent uuid) returns text language sql as $$
    select concat_ws(' ', coalesce(a.vapi_assistant_id, '-'), coalesce(a.synced_version::text, '-'), a.tools_status, a.sync_error) from public.agents a where a.id = p_agent; $$;
select tests.as_user(:'admin');
select (public.create_agent('{"name": "Desk", "direction": "inbound"}')).id as agent \gset
select tests.as_owner();
select is(pg_temp.state(:'agent'), '- - pending', 'a new agent waits for Vapi');

-- Linked.
select pg_temp.synced(:'org', :'agent', 'done', '{"vapi_assistant_id": "asst-1", "version": 1, "tools": {"endCall": "tool-endCall", "takeMessage": "tool-takeMessage"}, "missing": []}');
select is(pg_temp.state(:'agent'), 'asst-1 1 linked', 'then it has its assistant, with its tools');
select is(private.tools_status_of(:'org', '{"endCall": "tool-endCall"}'), 'pending', 'a tool that Vapi has and the assistant does not is to come');
select is(private.tools_status_of(:'org', '{"endCall": "tool-endCall", "takeMessage": "tool-old"}'), 'pending', 'and so is one of another definition');
select is(array_agg(t.tool_name || ' ' || t.vapi_tool_id order by t.tool_name), array['endCall tool-endCall', 'takeMessage tool-takeMessage'], 'which are noted')
from public.org_tools t where t.org_id = :'org';
select is(bool_and(t.definition_hash = d.definition_hash), true, 'with their definitions') from public.org_tools t join public.tool_definitions d on d.name = t.tool_name where t.org_id = :'org';
select is(d.org_id, :'org', 'calls of that assistant are this organisation''s, for ever') from private.directory d where d.kind = 'vapi_assistant' and d.key = 'asst-1';
select is((e.payload ->> 'tools_status', e.payload ->> 'synced_version')::text, '(linked,1)', 'screens hear of it') from private.events e where e.org_id = :'org' and e.kind = 'agent.synced';
select tests.as_user(:'member');
select is((select array_agg(t.tool_name || ' ' || t.status) from public.list_agent_tools() as t), array['endCall linked', 'takeMessage linked'], 'everybody sees which tools there are');
select tests.as_owner();

-- Another organisation's assistant.
insert into private.directory (kind, key, org_id) values ('vapi_assistant', 'asst-9', :'other');
select throws_ok(format('select pg_temp.synced(%L, %L, ''done'', ''{"vapi_assistant_id": "asst-9", "version": 1, "tools": {}}'')', :'org', :'agent'), 'XX000', null, 'another organisation''s assistant is never taken');

-- A newer one meanwhile, and one made anew.
select tests.as_user(:'admin');
select (public.update_agent(:'agent', '{"name": "Front"}')).version \gset
select tests.as_owner();
select pg_temp.synced(:'org', :'agent', 'done', '{"vapi_assistant_id": "asst-2", "version": 1, "tools": {"endCall": "tool-endCall", "takeMessage": "tool-takeMessage"}}');
select is(pg_temp.state(:'agent'), 'asst-2 1 linked', 'one that is behind says so');
select is(count(*), 1::bigint, 'and its next order waits') from private.effects e where e.queue_key = 'agent:' || :'agent' and e.kind = 'vapi.sync_assistant';
select is(array_agg(d.key order by d.key), array['asst-1', 'asst-2'], 'late calls of the one before stay this organisation''s') from private.directory d where d.kind = 'vapi_assistant' and d.org_id = :'org';

-- A failure.
select pg_temp.synced(:'org', :'agent', 'dead', null, 'Vapi answered 503: ' || repeat('x', 600));
select is(pg_temp.state(:'agent') like 'asst-2 1 failed Vapi answered 503: xxx%' and length(pg_temp.state(:'agent')) < 530, true, 'a failure shows, and fails no save');
select pg_temp.synced(:'org', :'agent', 'refused', null, 'Vapi answered 400: no such voice');
select is(pg_temp.state(:'agent'), 'asst-2 1 failed Vapi answered 400: no such voice', 'so does a refusal');
delete from private.effects e where e.queue_key like 'agent:%' or e.queue_key like 'tool:%';
select is(private.retry_agents(now()), '0 tools, 1 agents', 'it is tried again within the hour');
select is(private.retry_agents(now()), '0 tools, 0 agents', 'once');
select is(e.priority::integer, 200, 'after whatever somebody waits for') from private.effects e where e.queue_key = 'agent:' || :'agent';
select pg_temp.synced(:'org', :'agent', 'done', '{"vapi_assistant_id": "asst-2", "version": 2, "tools": {"endCall": "tool-endCall", "takeMessage": "tool-takeMessage"}}');
select is(pg_temp.state(:'agent'), 'asst-2 2 linked', 'what worked clears what did not');
delete from private.effects e where e.queue_key like 'agent:%';
select is(private.retry_agents(now()), '0 tools, 0 agents', 'and nothing is tried any more');

-- A tool that Vapi lost.
select pg_temp.synced(:'org', :'agent', 'done', '{"vapi_assistant_id": "asst-2", "version": 2, "tools": {"endCall": "tool-endCall"}, "missing": ["takeMessage", "nonsense"]}');
select is(pg_temp.state(:'agent'), 'asst-2 2 pending', 'without one of its tools an agent waits for it');
select is(array_agg(e.payload ->> 'tool_name'), array['takeMessage'], 'which is registered again') from private.effects e where e.kind = 'vapi.register_tool' and e.queue_key like 'tool:%';
select is(e.payload ->> 'vapi_tool_id', 'tool-takeMessage', 'unless it is there after all') from private.effects e where e.kind = 'vapi.register_tool' and e.queue_key = 'tool:takeMessage';
select tests.as_user(:'member');
select is((select array_agg(t.tool_name || ' ' || t.status) from public.list_agent_tools() as t), array['endCall linked', 'takeMessage pending'], 'which shows');

-- What is not used.
select tests.throws_code($$select public.set_agent_tool('takeMessage', false)$$, 'role_too_low');
select tests.as_user(:'admin');
select tests.throws_code($$select public.set_agent_tool('nonsense', false)$$, 'tool_not_found');
select tests.throws_code($$select public.set_agent_tool('takeMessage', null, '[]')$$, 'invalid_value');
select is((t.enabled, t.status, t.config)::text, '(f,unused,"{""to"": ""desk""}")', 'a tool can be left out') from public.set_agent_tool('takeMessage', false, '{"to": "desk"}') as t;
select tests.as_owner();
select is(count(*), 1::bigint, 'which links every agent anew') from private.effects e where e.queue_key = 'agent:' || :'agent';
select pg_temp.synced(:'org', :'agent', 'done', '{"vapi_assistant_id": "asst-2", "version": 2, "tools": {"endCall": "tool-endCall"}, "missing": []}');
select is(pg_temp.state(:'agent'), 'asst-2 2 linked', 'and without it all are linked');
select tests.as_user(:'stranger');
select is((select array_agg(t.tool_name || ' ' || t.status) from public.list_agent_tools() as t), array['endCall pending', 'takeMessage pending'], 'another organisation goes on using it');
select tests.as_owner();

-- Gone.
select lives_ok(format('select pg_temp.synced(%L, %L, ''done'', ''{}'')', :'org', :'agent'), 'an agent that was deleted meanwhile has nothing to note');
select lives_ok(format('select pg_temp.synced(%L, %L, ''done'', ''{"vapi_assistant_id": "a", "version": 1}'')', :'other', :'agent'), 'nor has one that nobody knows');

select * from finish();
rollback;
