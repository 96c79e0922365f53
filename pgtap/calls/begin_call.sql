-- A call's row is begun by whichever message is heard first, and by that one alone.
begin;
select plan(15);

select tests.freeze_time('2026-03-02 10:00+00');
create temporary table o as select tests.answering() as id;
create function pg_temp.hear(p_message jsonb) returns public.calls
language sql as $$ select c.* from private.call_of_message(p_message, tests.now()) c; $$;

create temporary table c as select * from pg_temp.hear(tests.vapi_message('hang', 'c1'));
select results_eq($$ select org_id, status, call_direction, from_number, to_number, phone_number, provider_call_sid from c $$,
    $$ select id, 'pending', 'inbound', '+447700900123', '+442071230001', '+447700900123', 'CA' || md5('c1') from o $$,
    'who calls whom is on record');
select is((select agent_id from c), (select id from public.agents where org_id = (select id from o)), 'and who answers');
select is((pg_temp.hear(tests.vapi_message('transcript', 'c1'))).id, (select id from c), 'the next message finds it');
select is((select count(*) from private.events where kind = 'call.started'), 1::bigint, 'it begins once');

select is((pg_temp.hear(tests.vapi_message('hang', 'c2', jsonb_build_object('call', jsonb_build_object(
    'id', 'c2', 'createdAt', '2026-03-02T09:59:58Z'))))).created_at, '2026-03-02 09:59:58+00'::timestamptz,
    'it began when Vapi says');
select is((pg_temp.hear(tests.vapi_message('hang', 'c3', jsonb_build_object('call', jsonb_build_object(
    'id', 'c3', 'createdAt', '2031-01-01T00:00:00Z'))))).created_at, tests.now(), 'but not in the future');
select is((pg_temp.hear('{"call": {"id": "c4"}}')).id, null, 'a call that is nobody''s gets no row');

select results_eq($$ select call_direction, from_number, to_number, phone_number from pg_temp.hear(
        tests.vapi_message('hang', 'c5', '{"call": {"id": "c5", "type": "outboundPhoneCall"}}')) $$,
    $$ values ('outbound', '+442071230001', '+447700900123', '+447700900123') $$, 'a call that goes out goes the other way');
select results_eq($$ select from_number, phone_number from pg_temp.hear(
        tests.vapi_message('hang', 'c6', '{"customer": {"number": {"not": "a number"}}}')) $$,
    $$ values (null::text, null::text) $$, 'a number that is none is not there');

insert into public.calls (org_id, id, call_direction) select id, tests.call_of(id, 1), 'outbound' from o;
insert into private.directory (kind, key, org_id) select 'call', tests.call_of(id, 1)::text, id from o;
create temporary table placed as select * from pg_temp.hear(jsonb_build_object('call', jsonb_build_object(
    'id', 'c7', 'type', 'outboundPhoneCall', 'metadata', jsonb_build_object('call_id', (select tests.call_of(id, 1) from o)))));
select is((select id from placed), (select tests.call_of(id, 1) from o), 'a call we placed has its row already');
select is((select vapi_call_id from public.calls where id = (select id from placed)), 'c7', 'which learns Vapi''s name for it');
select isnt((pg_temp.hear(jsonb_build_object('call', jsonb_build_object('id', 'c8', 'assistantId',
    (select vapi_assistant_id from public.agents where org_id = (select id from o)), 'metadata',
    jsonb_build_object('call_id', (select tests.call_of(id, 1) from o)))))).id, (select id from placed),
    'another call that claims to be it is not');

select is((private.answering_agent((select id from o), '{"call": {"assistantId": "unknown"}}')).name, 'Anna',
    'an assistant nobody knows does not keep the agent from answering');
insert into public.agents (org_id, name, direction, vapi_assistant_id) select id, 'Berta', 'inbound', 'b' from o;
select is((private.answering_agent((select id from o), '{"assistant": {"id": "b"}}')).name, 'Berta', 'who is on the call answers it');
update public.agents set deleted_at = tests.now() where name = 'Berta';
select is((private.answering_agent((select id from o), '{"assistant": {"id": "b"}}')).name, 'Anna', 'unless it was deleted');

select * from finish();
rollback;
