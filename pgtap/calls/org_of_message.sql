-- Whose call it is: by the number, the call we placed, Vapi's number, or the assistant; and from then on for ever.
begin;
select plan(12);

select tests.freeze_time('2026-03-02 10:00+00');
create temporary table o as select tests.answering() as id;
create temporary table p as select tests.answering('+442071230002') as id;
insert into private.directory (kind, key, org_id) select 'vapi_phone_number', 'number-of-o', id from o;

select is(private.org_of_message('{"type": "hang"}'), null, 'a message about no call is nobody''s');
select is(private.org_of_message(tests.vapi_message('hang', 'c1')), (select id from o), 'the called number says whose it is');
select is(private.org_of_message(tests.vapi_message('hang', 'c1', '{}', '+442071230002')), (select id from o),
    'a call stays whose it was, whatever number a later message names');
select is(private.org_of_message('{"call": {"id": "c1"}}'), (select id from o), 'and needs no number any more');

select is(private.org_of_message('{"call": {"id": "c2", "phoneNumberId": "number-of-o"}}'), (select id from o),
    'Vapi''s id of the number will do');
select is(private.org_of_message('{"call": {"id": "c3"}, "phoneNumber": {"id": "number-of-o"}}'), (select id from o),
    'wherever it stands');
select is(private.org_of_message(jsonb_build_object('call', jsonb_build_object(
    'id', 'c4', 'assistantId', (select vapi_assistant_id from public.agents where org_id = (select id from p))))),
    (select id from p), 'so will the assistant');
select is(private.org_of_message('{"call": {"id": "c5"}}'), null, 'a call with none of these is nobody''s');

create temporary table placed as select tests.call_of(id, 1) as id, id as org_id from p;
insert into private.directory (kind, key, org_id) select 'call', id::text, org_id from placed;
select is(private.org_of_message(jsonb_build_object('call', jsonb_build_object(
    'id', 'c6', 'metadata', jsonb_build_object('call_id', (select id from placed))))), (select org_id from placed),
    'a call we placed carries our own id');
select is(private.metadata_call_id(jsonb_build_object('call', jsonb_build_object('assistantOverrides', jsonb_build_object(
    'metadata', jsonb_build_object('call_id', (select id from placed)))))), (select id from placed), 'also where it was put');
select is(private.metadata_call_id('{"call": {"metadata": {"call_id": "drop table"}}}'), null, 'what is no id is none');
select is(private.org_of_message(jsonb_build_object('call', jsonb_build_object('id', 'c1', 'metadata',
    jsonb_build_object('call_id', (select id from placed))))), (select id from o),
    'an id of another organisation''s call moves nothing');

select * from finish();
rollback;
