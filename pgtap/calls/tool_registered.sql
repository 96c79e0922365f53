begin;
set local search_path = pg_catalog, extensions, pg_temp;
select plan(42);

select tests.org('Smile') as org, tests.org('Grin') as other, tests.org('Bare') as bare \gset
select tests.admin(:'org') as admin, tests.admin(:'other') as stranger \gset
delete from private.effects;
delete from private.tool_registrations;
delete from public.tool_definitions;
insert into public.tool_definitions (name, description, parameters) values ('endCall', 'Ends.', '{"type": "object", "properties": {}}');
create function pg_temp.hash() returns text language sql as $$ select d.definition_hash from public.tool_definitions d where d.name = 'endCall'; $$;
create function pg_temp.registered(p_hash text, p_outcome text, p_id text default null, p_at timestamptz default now()) returns void language sql as $$
    select private.tool_registered(jsonb_build_object('payload', jsonb_build_object('tool_name', 'endCall', 'definition_hash', p_hash), 'ended_at', p_at, 'last_error', 'It said no.'),
        p_outcome, jsonb_build_object('vapi_tool_id', p_id)); $$;
create function pg_temp.known() returns text[] language sql as $$ select array_agg(concat_ws(' ', r.vapi_tool_id, r.state, r.error) order by r.created_at, r.vapi_tool_id) from private.tool_registrations r; $$;
create function pg_temp.ordered(p_kind text) returns bigint language sql as $$ select count(*) from private.effects e where e.kind = p_kind; $$;
create function pg_temp.relink(p_after uuid default null) returns void language sql as $$
    select private.relink_organizations(jsonb_build_object('payload', jsonb_build_object('after', p_after), 'ended_at', now()), 'done', '{}'); $$;

-- A definition that Vapi has not.
select is(private.keep_tools(now()), 1, 'a definition that is not at Vapi is registered there');
select is(e.payload - array['definition_hash'], '{"tool_name": "endCall", "description": "Ends.", "parameters": {"type": "object", "properties": {}}, "vapi_tool_id": null}', 'as it is defined')
from private.effects e where e.queue_key = 'tool:endCall';
select is(private.keep_tools(now()), 0, 'once');
select tests.as_user(:'admin');
select (public.create_agent('{"name": "Desk", "direction": "inbound"}')).id as desk \gset
select tests.as_owner();
select is(pg_temp.ordered('vapi.register_tool'), 1::bigint, 'however many agents are saved meanwhile');
select pg_temp.hash() as first \gset

-- It fails.
select pg_temp.registered(:'first', 'dead');
select is(pg_temp.known(), array['failed It said no.'], 'a failure is noted');
select is(private.tools_status_of(:'org', '{}'), 'failed', 'and shows at every agent that uses it');
delete from private.effects;
select is(private.keep_tools(now()), 0, 'it is not tried each minute');
select is(private.retry_agents(now()), '1 tools, 1 agents', 'but each hour');

-- It works.
delete from private.effects;
select pg_temp.registered(:'first', 'done', 'tool-1');
select is(pg_temp.known(), array['tool-1 registered'], 'then it is there');
select is(pg_temp.ordered('calls.relink'), 1::bigint, 'and everybody is linked to it');
select private.order_relink(now());
select is(pg_temp.ordered('calls.relink'), 1::bigint, 'in one round, however many tools come at once');
update private.effects e set state = 'running', lease_token = gen_random_uuid(), lease_until = now() where e.kind = 'calls.relink';
select private.order_relink(now());
select is(array_agg(e.state order by e.id), array['running', 'waiting'], 'unless it has begun') from private.effects e where e.kind = 'calls.relink';
delete from private.effects;
select pg_temp.relink();
select is(array_agg(e.queue_key), array['agent:' || :'desk'], 'organisation by organisation, where there is an agent') from private.effects e where e.kind = 'vapi.sync_assistant';
select is((e.priority)::integer, 200, 'after whatever somebody waits for') from private.effects e where e.queue_key = 'agent:' || :'desk';
select is(pg_temp.ordered('calls.relink'), 0::bigint, 'the round ends with the last');
select private.note_linked_tools(:'org', '{"endCall": "tool-1", "other": "tool-7"}', now());
delete from private.effects;
select pg_temp.relink();
select is(pg_temp.ordered('vapi.sync_assistant'), 0::bigint, 'who is linked to it is left alone');
select pg_temp.registered(:'first', 'done', 'tool-1');
select is(pg_temp.ordered('calls.relink'), 0::bigint, 'registered once more and found as it was, nothing follows');

select pg_temp.registered(:'first', 'dead');
select is(pg_temp.known(), array['tool-1 registered It said no.'], 'one that could not be looked at is there all the same');
select private.register_again('["endCall"]', now());
select pg_temp.registered(:'first', 'dead');
select is(pg_temp.known(), array['tool-1 failed It said no.'], 'one that Vapi lost and would not take again is not');
select pg_temp.registered(:'first', 'done', 'tool-1');
select is(pg_temp.known(), array['tool-1 registered'], 'until it does');
delete from private.effects;

-- A new definition.
update public.tool_definitions d set description = 'Ends politely.' where d.name = 'endCall';
select pg_temp.hash() as second \gset
select isnt(:'first'::text, :'second'::text, 'what is said otherwise is another definition');
select is(private.keep_tools(now()), 1, 'which is registered beside the one before');
select is(private.assistant_wish(:'org', :'desk') -> 'tools', '{}', 'it is linked once it is there');
select is(pg_temp.known() @> array['tool-1 registered'], true, 'until then calls go on with the one before');
delete from private.effects;
select pg_temp.registered(:'second', 'done', 'tool-2', now());
select is(pg_temp.known() @> array['tool-1 retired', 'tool-2 registered'], true, 'then the one before is retired');
select is(private.assistant_wish(:'org', :'desk') -> 'tools', '{"endCall": "tool-2"}', 'and agents are to have the new one');
delete from private.effects;
select pg_temp.relink();
select is(pg_temp.ordered('vapi.sync_assistant'), 1::bigint, 'everybody is linked anew');
delete from private.effects;

-- The one before goes, late.
select is(private.drop_old_tools(now() + interval '14 hours'), 0, 'a tool that an agent is linked to stays, however late');
select private.note_linked_tools(:'org', '{"endCall": "tool-2"}', now());
select is(private.drop_old_tools(now() + interval '12 hours'), 0, 'a call that began with it may go on for twelve hours');
select is(private.drop_old_tools(now() + interval '13 hours'), 1, 'after that it goes');
select is(e.payload ->> 'vapi_tool_id', 'tool-1', 'and no other') from private.effects e where e.kind = 'vapi.drop_tool';
select is(private.drop_old_tools(now() + interval '14 hours'), 0, 'once');
select to_jsonb(e) as dropping from private.effects e where e.kind = 'vapi.drop_tool' \gset
select private.tool_dropped(:'dropping', 'dead', null);
select is(pg_temp.known() @> array['tool-1 retired'], true, 'one that would not go is remembered');
select private.tool_dropped(:'dropping', 'done', '{}');
select is(pg_temp.known(), array['tool-2 registered'], 'one that went is forgotten');

-- Back to what it was.
delete from private.effects;
update public.tool_definitions d set description = 'Ends.' where d.name = 'endCall';
select is(private.keep_tools(now()), 1, 'a definition that comes back is registered again');
select pg_temp.registered(:'first', 'done', 'tool-3');
update public.tool_definitions d set description = 'Ends politely.' where d.name = 'endCall';
select is(private.keep_tools(now()), 1, 'one that was retired, too');
select pg_temp.registered(:'second', 'done', 'tool-2');
select is(pg_temp.known() @> array['tool-2 registered', 'tool-3 retired'], true, 'and it is the one before that is retired');
select private.tool_dropped(jsonb_build_object('payload', jsonb_build_object('tool_name', 'endCall', 'definition_hash', :'second')), 'done', '{}');
select is(pg_temp.known() @> array['tool-2 registered'], true, 'one that is in use again is not forgotten by a late word');
update public.tool_definitions d set description = 'A third.' where d.name = 'endCall';
select pg_temp.registered(:'second', 'done', 'tool-2');
select is(pg_temp.known() @> array['tool-2 retired'], true, 'what is registered for a definition that is no more is retired at once');

-- Each night.
delete from private.effects;
update public.agents a set vapi_assistant_id = 'asst-1' where a.id = :'desk';
select is(private.check_assistants(now()), '1 assistants to look at', 'each night every assistant is looked at');
select is((pg_temp.ordered('vapi.register_tool'), pg_temp.ordered('vapi.sync_assistant'))::text, '(1,1)', 'and every tool');
select is(private.check_assistants(now()), '0 assistants to look at', 'unless it is being looked at');

select * from finish();
rollback;
