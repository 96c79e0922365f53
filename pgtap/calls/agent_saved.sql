-- What follows when an agent is saved, which tools it has at Vapi, and which agent calls out with what number.
begin;
set local search_path = pg_catalog, extensions, pg_temp;
select plan(33);

select tests.freeze_time('2026-03-02 10:00+00');
select tests.funded(5000) as org, tests.org() as other \gset

-- Its tools.
delete from private.tool_registrations;
delete from public.org_tools;
delete from public.tool_definitions;
insert into public.tool_definitions (name, description, parameters) select n, 'Does ' || n || '.', '{"type": "object", "properties": {}}' from unnest('{b,a,e,d,c}'::text[]) as n;
insert into private.tool_registrations (tool_name, definition_hash, vapi_tool_id, state)
select d.name, case d.name when 'c' then 'older' else d.definition_hash end, 't-' || d.name, case d.name when 'd' then 'failed' else 'registered' end
from public.tool_definitions d where d.name <> 'e';
insert into public.org_tools (org_id, tool_name, enabled, config, vapi_tool_id, updated_at) values
    (:'org', 'a', false, '{"to": "desk"}', 't-a', tests.now()), (:'org', 'b', true, '{}', 't-b', tests.now()), (:'org', 'c', true, '{}', 't-c', tests.now()),
    (:'other', 'b', false, '{"x": 1}', null, tests.now());
select results_eq(format('select tool_name, enabled, status, vapi_tool_id from private.agent_tools(%L)', :'org'),
    $$ values ('a', false, 'unused', 't-a'), ('b', true, 'linked', 't-b'), ('c', true, 'pending', 't-c'), ('d', true, 'failed', null), ('e', true, 'pending', null) $$,
    'tools in order, each as it stands with the definition of now');
select results_eq(format('select tool_name, description, enabled, config, status, updated_at from private.agent_tools(%L) limit 2', :'other'),
    $$ values ('a', 'Does a.', true, '{}'::jsonb, 'pending', null::timestamptz), ('b', 'Does b.', false, '{"x": 1}', 'unused', tests.now()) $$,
    'without a word from the organisation a tool is used');
select private.order_tool(d, tests.now() + interval '1 minute') as effect from public.tool_definitions d where d.name = 'b' \gset
select is(e.payload || jsonb_build_object('key', e.queue_key, 'at', e.run_at, 'org', e.org_id),
    jsonb_build_object('tool_name', 'b', 'definition_hash', d.definition_hash, 'description', 'Does b.', 'parameters', d.parameters,
    'vapi_tool_id', 't-b', 'key', 'tool:b', 'at', tests.now() + interval '1 minute', 'org', null),
    'a tool is registered as it is defined, in the place of what is there, one order after the other')
from private.effects e join public.tool_definitions d on d.name = 'b' where e.id = :'effect';
select private.order_tool(d, tests.now()) as effect from public.tool_definitions d where d.name = 'c' \gset
select is(e.payload ->> 'vapi_tool_id', null, 'one of another definition is not in the place of this one') from private.effects e where e.id = :'effect';

-- A save.
select tests.bought_number(:'org', 'outbound', '+442071230007') as bought \gset
select vapi_phone_id as line from private.org_credentials where org_id = :'org' and type = 'outbound' \gset
insert into public.agents (org_id, name, direction, tools_status, sync_error) values (:'org', 'Out', 'outbound', 'failed', 'Vapi was away.') returning id as out \gset
insert into public.agents (org_id, name, direction, deleted_at) values (:'org', 'Gone', 'outbound', now()) returning id as gone \gset
insert into public.agents (org_id, name, direction) values (:'other', 'Theirs', 'inbound') returning id as theirs \gset
delete from private.effects;
select s.vapi_phone_number_id as saved_line from public.agents a, private.agent_saved(a, tests.now()) as s where a.id = :'out' \gset
select is(:'saved_line', :'line'::text, 'an agent that calls has the organisation''s number, and is answered with it');
select is((select array_agg(e.payload ->> 'tool_name' order by e.payload ->> 'tool_name') from private.effects e where e.kind = 'vapi.register_tool'), '{c,e}',
    'tools that are not at Vapi as they are defined are registered');
select is((select jsonb_agg(e.payload) from private.effects e where e.kind = 'vapi.sync_assistant'),
    jsonb_build_array(jsonb_build_object('org_id', :'org', 'agent_id', :'out')), 'its assistant is made anew');
select is((select jsonb_agg(e.payload) from private.events e where e.org_id = :'org' and e.kind = 'agent.saved'),
    jsonb_build_array(jsonb_build_object('agent_id', :'out', 'version', 1)), 'and whoever looks hears of it');
insert into public.agents (org_id, name, direction, vapi_phone_number_id, created_at) values (:'org', 'In', 'inbound', 'p-in', now() - interval '1 day') returning id as in \gset
insert into private.org_credentials (org_id, provider, type, phone_number, vapi_phone_id, is_active) values (:'org', 'twilio', 'inbound', '+442071230001', 'p-in', true);
insert into public.phone_number_mapping (phone_number, org_id, agent_id) values ('+442071230001', :'org', :'out');
select private.agent_saved(a, tests.now()) as saved from public.agents a where a.id = :'in' \gset
select is((select agent_id from public.phone_number_mapping where phone_number = '+442071230001'), :'in'::uuid, 'the number of one that answers rings for it');

-- All of them anew.
delete from private.effects;
update public.agents set tools_status = 'linked', sync_error = 'Vapi was away.';
select is(private.order_syncs(:'org', tests.now() + interval '1 minute', 200), 2, 'all an organisation''s agents are made anew');
select results_eq('select payload ->> ''agent_id'', run_at, priority::integer from private.effects where kind = ''vapi.sync_assistant'' order by id',
    format($$ select a.id::text, tests.now() + interval '1 minute', 200 from public.agents a where a.id in (%L, %L) order by a.id $$, :'in', :'out'),
    'each once, as urgently as it is asked for');
select results_eq('select name, tools_status, sync_error is null from public.agents order by name',
    $$ values ('Gone', 'linked', false), ('In', 'pending', true), ('Out', 'pending', true), ('Theirs', 'linked', false) $$, 'they wait for Vapi, and nobody else''s do');
select is(private.order_syncs(gen_random_uuid(), tests.now()), 0, 'who has none has none made anew');
select private.order_syncs(:'other', tests.now()) as count \gset
select is((select e.priority = k.priority from private.effects e join private.effect_kinds k on k.kind = e.kind where e.payload ->> 'agent_id' = :'theirs'), true,
    'without a word as urgently as ever');

-- Who calls.
create function pg_temp.calls(p_org uuid, p_agent uuid default null) returns text language sql as $$ select (private.calling_agent(p_org, p_agent)).name $$;
select is(pg_temp.calls(:'org'), null, 'without an assistant at Vapi nobody calls');
update public.agents set vapi_assistant_id = 'as-' || name;
select is(pg_temp.calls(:'org'), 'Out', 'else the agent for calling out');
select is(pg_temp.calls(:'org', :'in'), 'In', 'or the one that was asked for, whichever it is');
select is(pg_temp.calls(:'org', a), null, 'none that is gone, or somebody else''s') from unnest(array[:'gone', :'theirs']::uuid[]) as a;
insert into public.agents (org_id, name, direction, vapi_assistant_id, created_at, is_active) values (:'org', 'Older', 'outbound', 'as-1', now() - interval '2 days', true),
    (:'org', 'Asleep', 'outbound', 'as-2', now() - interval '3 days', false);
select is(pg_temp.calls(:'org'), 'Older', 'of several the first that is active');
select is(pg_temp.calls(:'org', (select id from public.agents where name = 'Asleep')), 'Asleep', 'one that is not can be asked for');

-- With what number.
create function pg_temp.line(p_org uuid, p_agent_line text default null, p_purpose text default 'call_back') returns text language sql as $$
    select concat_ws(' ', l.number, l.vapi_phone_id, (l.account).type)
    from private.calling_line(p_org, jsonb_populate_record(null::public.agents, jsonb_build_object('vapi_phone_number_id', p_agent_line)), p_purpose) as l $$;
select is(pg_temp.line(:'org'), '+442071230007 ' || :'line', 'an organisation calls with its number for calling out');
select is(pg_temp.line(:'org', 'p-in'), '+442071230001 p-in', 'an agent with its own');
update private.org_credentials set is_active = false where org_id = :'org' and type = 'outbound';
select is(pg_temp.line(:'org'), '', 'not with the one that rings');
select is(pg_temp.line(:'org', null, 'test'), '+442071230001 p-in', 'except for a test');
select tests.verified_phone(:'org', '+447700900556') as second, tests.verified_phone(:'org', '+447700900555') as first \gset
select is(pg_temp.line(:'org'), '+447700900555 subaccount', 'else with a phone that was verified, through the account it was verified in');
select is(pg_temp.line(:'org', null, 'test'), '+447700900555 subaccount', 'for a test as well, before the one that rings');
insert into private.org_credentials (org_id, provider, type, phone_number, vapi_phone_id, is_active) values (:'org', 'twilio', 'default', '+442071230005', 'p-both', true);
select is(pg_temp.line(:'org'), '+442071230005 p-both', 'a number for both ways comes before a phone');
delete from private.org_credentials where org_id = :'org' and type = 'default';
insert into public.phone_number_mapping (phone_number, org_id) values ('+447700900555', :'other');
select is(pg_temp.line(:'org'), '+447700900556 subaccount', 'never with one that rings for another organisation here');
update public.verified_caller_ids set status = 'pending', verified_at = null, twilio_caller_id_sid = null where id = :'second';
select is(pg_temp.line(:'org'), '', 'nor with one that is not verified yet');
select tests.verified_phone(:'other', '+447700900557') as theirs_too \gset
select is(pg_temp.line(:'other'), '', 'nor without an account to show it through');
insert into private.org_credentials (org_id, provider, type, phone_number, vapi_phone_id, is_active) values (:'other', 'twilio', 'default', '+442071230008', null, true);
select is(pg_temp.line(:'other'), '', 'a number that is not at Vapi calls nobody');
update private.org_credentials set vapi_phone_id = 'p-default' where org_id = :'other';
select is(pg_temp.line(:'other'), '+442071230008 p-default', 'one for both ways calls as well');

select * from finish();
rollback;
