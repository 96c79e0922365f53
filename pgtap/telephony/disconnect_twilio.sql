begin;
set local search_path = pg_catalog, extensions, pg_temp;
select plan(33);

select tests.org('Smile') as org, tests.org('Grin') as other \gset
select tests.admin(:'org') as admin, tests.admin(:'other') as stranger \gset
insert into public.agents (org_id, name, direction) values (:'org', 'Ada', 'inbound'), (:'org', 'Bob', 'outbound'), (:'other', 'Cat', 'outbound');
select tests.connected_account(:'org', '+442071230001', '2026-01-01') as credential, tests.connected_account(:'other', '+442071230002', '2026-01-01') as theirs \gset
update public.agents a set vapi_phone_number_id = 'left alone' where a.org_id = :'org' and a.name = 'Ada';
select c.vapi_phone_id as phone_id, c.vapi_credential_id as credential_id from private.org_credentials c where c.id = :'credential' \gset
select tests.verified_phone(:'org') as phone, tests.verified_phone(:'other') as their_phone \gset
create function pg_temp.has(p_org uuid) returns text language sql as $$
    select concat_ws(' ',
        (select o.telephony_mode from public.organizations o where o.id = p_org),
        (select count(*) from private.org_credentials c where c.org_id = p_org),
        (select count(*) from public.phone_number_mapping m where m.org_id = p_org),
        (select count(*) from public.agents a where a.org_id = p_org and a.vapi_phone_number_id is not null));
$$;
select is(pg_temp.has(:'org') || ', ' || pg_temp.has(:'other'), 'byoc 1 1 2, byoc 1 1 1', 'two organisations with accounts of their own');

select tests.as_user(:'admin');
select id as saga, kind || ' ' || status as begun from public.disconnect_twilio() \gset
select is(:'begun'::text, 'disconnect_twilio running', 'disconnecting is an operation to follow');
select is((public.disconnect_twilio()).id, :'saga'::uuid, 'asked again meanwhile it is the same one');
select tests.throws_code(format('select public.connect_twilio(%L, %L, %L, 1)', 'AC' || md5(:'org'), '+442071230001', encode(decode(repeat('ab', 40), 'hex'), 'base64')), 'integration_busy', 'until Vapi has let go, the number is not connected anew');
select is((select status from public.list_integrations() where provider = 'twilio'), 'disconnected', 'it shows as disconnected at once');
select is((select count(*) from public.list_agent_phone_numbers()), 0::bigint, 'no agent can be given the number');
select tests.as_owner();
select is(pg_temp.has(:'org'), 'none 0 0 1', 'mapping, agents and keys are gone at once; what is not the number''s stays');
select is(pg_temp.has(:'other'), 'byoc 1 1 1', 'the other organisation''s stay');
select ok(private.telephony_account_of(:'org') is null, 'no account acts any more');
select is((select e.payload - 'saga_id' from private.effects e where e.org_id = :'org' and e.kind = 'vapi.release_number'),
    jsonb_build_object('org_id', :'org', 'credential_id', :'credential', 'name', 'voxanne:' || :'credential', 'phone_number', '+442071230001',
        'vapi_phone_id', :'phone_id', 'vapi_credential_id', :'credential_id',
        'account', jsonb_build_object('org_id', :'org', 'sid', 'AC' || md5(:'org'), 'type', 'default')),
    'Vapi is told which number, and nothing secret');

select is((select c.status from public.verified_caller_ids c where c.id = :'phone'), 'expired', 'what its list of caller IDs said holds no more');
select is((select c.status from public.verified_caller_ids c where c.id = :'their_phone'), 'verified', 'another organisation''s does');
select is((select c.twilio_call_sid from public.verified_caller_ids c where c.id = :'phone'), null, 'nor that it came onto the list by a call of ours');
select private.caller_id_looked_up(
    jsonb_build_object('payload', jsonb_build_object('org_id', :'org', 'caller_id', :'phone', 'account', jsonb_build_object('sid', 'AC' || md5(:'org'))), 'ended_at', now()),
    'done', jsonb_build_object('caller_id_sid', 'PN' || repeat('1', 32)));
select is((select c.status from public.verified_caller_ids c where c.id = :'phone'), 'expired', 'and an answer of the old account that comes late verifies nothing');

select is(tests.step_done(:'saga', null, 'dead'), 'running 2 vapi.release_number', 'a release that fails is tried again');
select is((select count(*) from private.alerts a where a.org_id = :'org' and a.kind = 'saga_stuck'), 1::bigint, 'and an operator hears of it');
select is(tests.step_done(:'saga', '{"refused": "provider_refused"}'), 'running 2 vapi.release_number', 'so is one that was refused: there is no way back');
select is(tests.step_done(:'saga', '{"released": true}'), 'running 3 vapi.delete_credential', 'then the keys are taken from Vapi');
select is(tests.step_done(:'saga', null, 'refused'), 'running 3 vapi.delete_credential', 'as often as it takes');
-- Somebody who has signed up anew, with the same account.
select tests.org('Smile again') as anew \gset
create function pg_temp.tries(p_org uuid) returns uuid language plpgsql as $$
declare
    v_saga uuid;
begin
    perform tests.as_user(tests.admin(p_org));
    v_saga := (public.connect_twilio((select sid from account), '+442071230001', encode(decode(repeat('ab', 40), 'hex'), 'base64'), 1)).id;
    perform tests.as_owner();
    perform tests.step_done(v_saga, jsonb_build_object('account_name', 'Smile Ltd', 'twilio_sid', 'PN' || repeat('1', 32)));
    return v_saga;
end
$$;
create temp table account as select 'AC' || md5(:'org') as sid;
grant select on account to authenticated;
create function pg_temp.whose() returns text language sql as $$
    select string_agg(o.name, ',') from private.directory d join public.organizations o on o.id = d.org_id where d.kind = 'twilio_account' and d.key = (select sid from account);
$$;
select pg_temp.tries(:'anew') as refused \gset
select is((select s.error_code from private.sagas s where s.id = :'refused'), 'twilio_account_taken', 'until Vapi has let go the account is nobody else''s');
select is(pg_temp.whose(), 'Smile', 'it has one organisation');
select is(tests.step_done(:'saga', '{"released": true}'), 'done 3 ', 'and that is all');
select is(pg_temp.whose(), null, 'then it is whoever''s it is');
select is((select count(*) from private.directory d where d.kind = 'vapi_phone_number' and d.key = :'phone_id' and d.org_id = :'org'), 1::bigint, 'what was ours at Vapi stays the organisation''s');
select is((select count(*) from private.directory d where d.kind = 'twilio_account' and d.org_id = :'other'), 1::bigint, 'and another organisation''s account that one''s');
select tests.as_user(:'admin');
select is((i.status, i.account_label, i.phone_number, i.connected_at, i.healthy, i.last_error)::text, '(disconnected,,,,f,)', 'nothing is connected') from public.list_integrations() i where i.provider = 'twilio';
select tests.throws_code('select public.disconnect_twilio()', 'integration_not_found', 'once is enough');
select tests.as_user(:'stranger');
select tests.throws_code(format('select public.get_operation(%L)', :'saga'), 'operation_not_found', 'another organisation sees nothing of it');
select tests.as_owner();
select is((select count(*) from public.audit_logs a where a.org_id = :'org' and a.table_name = 'integrations' and a.action = 'update' and a.after ->> 'status' = 'disconnected'), 1::bigint, 'that it was disconnected is in the audit log');
select is(pg_temp.has(:'other'), 'byoc 1 1 1', 'the other organisation still has all of its own');

-- Whoever has the account may connect it, one organisation at a time.
select pg_temp.tries(:'anew') as theirs_now \gset
select is((select s.state from private.sagas s where s.id = :'theirs_now') || ' ' || pg_temp.whose(), 'running Smile again', 'who signed up anew connects it');
select pg_temp.tries(:'org') as refused \gset
select is((select s.error_code from private.sagas s where s.id = :'refused'), 'twilio_account_taken', 'and while they have it, nobody else can');
select tests.step_done(:'theirs_now', '{}', 'refused'), tests.step_done(:'theirs_now') \g /dev/null
select tests.connected_account(:'org', '+442071230001');
select is(pg_temp.has(:'org') || ' ' || pg_temp.whose(), 'byoc 1 1 2 Smile', 'it may come back');

select * from finish();
rollback;
