begin;
set local search_path = pg_catalog, extensions, pg_temp;
select plan(75);

select tests.org('Smile') as org, tests.org('Grin') as other \gset
select tests.admin(:'org') as admin, tests.user(:'org', 'manager') as manager, tests.admin(:'other') as stranger,
       tests.api_key(:'org', '{integrations:write}') as key, tests.api_key(:'org', '{integrations:read}') as reader,
       'AC' || md5(:'org') as sid, 'AC' || md5(:'other') as other_sid, encode(decode(repeat('ab', 40), 'hex'), 'base64') as sealed \gset
insert into public.agents (org_id, name, direction, created_at) values
    (:'org', 'Ada', 'inbound', '2026-01-02'), (:'org', 'Eve', 'inbound', '2026-01-01'), (:'org', 'Bob', 'outbound', '2026-01-01'),
    (:'other', 'Cat', 'outbound', '2026-01-01');
create temp table ask as select format('select public.connect_twilio(%L, %%L, %L, 1)', :'sid', :'sealed') as number,
    format('select public.connect_twilio(%%L, %L, %L, 1)', '+442071230001', :'sealed') as account;
grant select on ask to authenticated;

-- What an organisation has of the account: mode, keys and whether they are used, mapping, agents that call with it.
create function pg_temp.has(p_org uuid) returns text language sql as $$
    select concat_ws(' ',
        (select o.telephony_mode from public.organizations o where o.id = p_org),
        (select string_agg(c.type || ':' || c.is_active, ',') from private.org_credentials c where c.org_id = p_org),
        (select string_agg(m.phone_number || '→' || (select a.name from public.agents a where a.id = m.agent_id), ',') from public.phone_number_mapping m where m.org_id = p_org),
        (select string_agg(a.name || ':' || a.vapi_phone_number_id, ',') from public.agents a where a.org_id = p_org and a.vapi_phone_number_id is not null));
$$;
-- Begins to connect and takes the saga's steps up to the one given. Returns the saga.
create function pg_temp.at_step(p_org uuid, p_step integer, p_phone text default '+442071230001') returns uuid language plpgsql as $$
declare
    v_saga uuid;
begin
    perform tests.as_user(tests.admin(p_org));
    v_saga := (public.connect_twilio('AC' || md5(p_org::text), p_phone, encode(decode(repeat('ab', 40), 'hex'), 'base64'), 1)).id;
    perform tests.as_owner();
    if p_step > 1 then
        perform tests.step_done(v_saga, jsonb_build_object('account_name', 'Smile Ltd', 'twilio_sid', 'PN' || md5(p_phone)));
    end if;
    if p_step > 2 then
        perform tests.step_done(v_saga, jsonb_build_object('vapi_credential_id', 'cred-' || p_org));
    end if;
    if p_step > 3 then
        perform tests.step_done(v_saga, jsonb_build_object('vapi_phone_id', 'phone-' || left(p_org::text, 8)));
    end if;
    return v_saga;
end
$$;

-- Who may, and what is taken.
select tests.as_user(:'manager');
select tests.throws_code(format((select account from ask), :'sid'), 'role_too_low');
select tests.throws_code('select public.disconnect_twilio()', 'role_too_low');
select tests.as_api_key(:'reader');
select tests.throws_code(format((select account from ask), :'sid'), 'scope_missing');
select tests.as_user(:'admin');
select tests.throws_code(format((select account from ask), s), 'account_sid_invalid', coalesce(to_json(s)::text, 'nothing') || ' is no account')
from unnest(array[null, '', 'AC', 'SK' || md5('x'), 'AC' || upper(md5('a')), 'AC' || md5('x') || '0', 'AC' || md5('x') || E'\n', ' AC' || md5('x'), 'AC' || repeat('g', 32)]) as s;
select tests.throws_code(format((select number from ask), s), 'phone_number_invalid', coalesce(to_json(s)::text, 'nothing') || ' is no number')
from unnest(array[null, '', '02071230001', '+44 20 7123 0001']) as s;
select tests.throws_code(format((select number from ask), '+449012345678'), 'premium_number');
select tests.throws_code(format('select public.connect_twilio(%L, %L, %s)', :'sid', '+442071230001', a), 'invalid_value', a || ' is nothing sealed')
from unnest(array['null, 1', quote_literal(:'sealed') || ', null']) as a;
select tests.throws_code('select public.disconnect_twilio()', 'integration_not_found', 'what is not connected cannot be disconnected');
select tests.as_owner();
select is(pg_temp.has(:'org'), 'none', 'nothing is kept of any of it');
select is((select count(*) from private.sagas s where s.org_id = :'org'), 0::bigint, 'and nothing begun');

-- Begun.
select tests.as_user(:'admin');
select id as saga, kind || ' ' || status as begun from public.connect_twilio(:'sid', '+442071230001', :'sealed', 1) \gset
select is(:'begun'::text, 'connect_twilio running', 'connecting is an operation to follow');
select is((public.connect_twilio(:'sid', '+442071230001', encode(decode(repeat('cd', 40), 'hex'), 'base64'), 1)).id, :'saga'::uuid, 'the same account and number again is the same one');
select tests.throws_code(format((select number from ask), '+442071230002'), 'integration_busy', 'another number is not');
select tests.throws_code(format((select account from ask), 'AC' || md5('other')), 'integration_busy', 'nor another account');
select tests.throws_code('select public.disconnect_twilio()', 'integration_busy', 'nor disconnecting');
select is((select (status, phone_number, healthy)::text from public.list_integrations() where provider = 'twilio'), '(connecting,+442071230001,f)', 'it shows as under way');
select is((select count(*) from public.list_agent_phone_numbers()), 0::bigint, 'no agent can be given the number yet');
select tests.throws_code($$ select public.provision_number('US', 'inbound') $$, 'telephony_own_account', 'and none is sold');
select tests.as_owner();
select is(pg_temp.has(:'org'), 'none default:false', 'the keys are kept, and used by nothing');
select ok(private.telephony_account_of(:'org') is null, 'nobody''s account acts');
select is((select e.payload - 'saga_id' from private.effects e where e.org_id = :'org' and e.kind = 'twilio.validate_account'),
    jsonb_build_object('org_id', :'org', 'credential_id', c.id, 'name', 'voxanne:' || c.id, 'phone_number', '+442071230001', 'routing_direction', 'default',
        'account', jsonb_build_object('org_id', :'org', 'sid', :'sid', 'type', 'default')),
    'Twilio is asked first, with nothing secret in the question') from private.org_credentials c where c.org_id = :'org';
select is((select encrypted_config from private.org_credentials c where c.org_id = :'org'), decode(repeat('ab', 40), 'hex'), 'the first keys are those that are tried');

-- Step by step.
select is((select count(*) from private.directory d where d.key = :'sid'), 0::bigint, 'whoever merely names an account does not own it');
select is(tests.step_done(:'saga', '{"account_name": "Smile Ltd", "twilio_sid": "PN00000000000000000000000000000001"}'), 'running 2 vapi.create_credential', 'then Vapi gets the keys');
select is((select d.org_id from private.directory d where d.kind = 'twilio_account' and d.key = :'sid'), :'org'::uuid, 'the account is the organisation''s');
select is(tests.step_done(:'saga', '{"vapi_credential_id": "cred-1"}'), 'running 3 vapi.import_number', 'then the number');
select is(pg_temp.has(:'org'), 'none default:false', 'still nothing rings');
select is(tests.step_done(:'saga', '{"vapi_phone_id": "phone-1"}'), 'running 5 vapi.link_number', 'then it is linked');
select is(pg_temp.has(:'org'), 'byoc default:true +442071230001→Eve Bob:phone-1', 'it rings at the first agent, the others call with it');
select is(tests.step_done(:'saga'), 'done 5 ', 'and that is all');
select is((select (vapi_phone_id, vapi_credential_id, last_verified_at is not null)::text from private.org_credentials c where c.org_id = :'org'), '(phone-1,cred-1,t)', 'what it is called at Vapi is written down');
select is(private.telephony_account_of(:'org'), row(:'org', :'sid', 'default')::private.telephony_account, 'from now on this account acts');
select is((select payload ->> 'routing_direction' from private.effects_done d where d.org_id = :'org' and d.kind = 'vapi.link_number'), 'default', 'for both directions');
select is((select count(*) from public.agents a where a.org_id = :'other' and a.vapi_phone_number_id is not null), 0::bigint, 'another organisation''s agents are left alone');
select tests.as_user(:'admin');
select is((public.get_operation(:'saga')).status, 'done', 'the operation says so');
select is((i.status, i.account_label, i.phone_number, i.healthy)::text, '(connected,"Smile Ltd",+442071230001,t)', 'as whom it is connected') from public.connected_twilio(:'saga') i;
select is((select (phone_number, direction, vapi_phone_id)::text from public.list_agent_phone_numbers()), '(+442071230001,default,phone-1)', 'agents may be given the number');
select tests.throws_code(format((select account from ask), :'sid'), 'integration_connected', 'once is enough');
select tests.throws_code(format((select account from ask), 'AC' || md5('z')), 'integration_connected', 'with another account as well');
select tests.throws_code($$ select public.provision_number('US', 'inbound') $$, 'telephony_own_account', 'no number is sold to it');
select tests.as_user(:'stranger');
select tests.throws_code(format('select public.connected_twilio(%L)', :'saga'), 'operation_not_found', 'another organisation sees nothing of it');
select tests.as_owner();

-- Another organisation, the same account, then the same number.
select e.sentence from private.error_registry e where e.code = 'number_taken' \gset
select tests.as_user(:'stranger');
select id as theirs from public.connect_twilio(:'sid', '+442071230009', :'sealed', 1) \gset
select tests.as_owner();
select is(tests.step_done(:'theirs', '{"account_name": "Smile Ltd", "twilio_sid": "PN00000000000000000000000000000009"}'), 'undone 0 ', 'an account has one organisation');
select is(pg_temp.has(:'other'), 'none', 'the other one keeps nothing');
select tests.as_user(:'stranger');
select tests.throws_code(format('select public.connected_twilio(%L)', :'theirs'), 'twilio_account_taken', 'and hears why');
select id as theirs from public.connect_twilio(:'other_sid', '+442071230001', :'sealed', 1) \gset
select tests.as_owner();
select is(tests.step_done(:'theirs', '{"account_name": "Grin", "twilio_sid": "PN00000000000000000000000000000009"}'), 'undone 0 ', 'a number has one organisation, before Vapi hears of it');
select tests.as_user(:'stranger');
select tests.throws_code(format('select public.connected_twilio(%L)', :'theirs'), 'number_taken', 'and hears why');
select is((i.status, i.healthy, i.last_error)::text, ('disconnected', false, :'sentence')::text, 'so does whoever looks later: nothing is connected, and why')
from public.list_integrations() i where i.provider = 'twilio';
select tests.throws_code('select public.disconnect_twilio()', 'integration_not_found', 'and nothing is there to disconnect');
select tests.as_owner();
select is(array(select d.key || ' ' || d.org_id from private.directory d where d.kind = 'twilio_account' and d.key in (:'sid', :'other_sid')), array[:'sid' || ' ' || :'org'],
    'an account that was not connected is whoever''s it is; the one that is stays its organisation''s');

-- Taken back, from every step.
create temp table tried as
select step, org, pg_temp.at_step(org, step, '+4420712340' || step) as saga from (select step, tests.org() as org from unnest(array[1, 2, 3, 5]) as step) as s;
grant select on tried to authenticated;
select is(tests.step_done((select saga from tried where step = 1), '{"refused": "twilio_credentials_wrong"}'), 'undone 0 ', 'wrong keys: nobody else was asked');
select is(tests.step_done((select saga from tried where step = 2), '{}', 'refused'), 'undoing 2 vapi.delete_credential', 'no credential: one may be there all the same');
select is(tests.step_done((select saga from tried where step = 2)), 'undone 0 ', 'it is not');
select is(tests.step_done((select saga from tried where step = 3), '{"refused": "vapi_refused_number"}'), 'undoing 3 vapi.release_number', 'no import: Vapi is asked to forget it');
select is(tests.step_done((select saga from tried where step = 3)), 'undoing 2 vapi.delete_credential', 'then the keys');
select tests.step_done((select saga from tried where step = 3));
select is(tests.step_done((select saga from tried where step = 5), null, 'dead'), 'undoing 3 vapi.release_number', 'at the last step it is taken out here first');
select is((select pg_temp.has(org) from tried where step = 5), 'none', 'at once');
select tests.as_user(tests.admin(org)) from tried where step = 5;
select tests.throws_code(format('select public.connect_twilio(%L, %L, %L, 1)', 'AC' || md5(org::text), '+44207123405', :'sealed'), 'integration_busy', 'until the providers have followed it is not begun anew') from tried where step = 5;
select tests.as_owner();
select tests.step_done((select saga from tried where step = 5));
select is(tests.step_done((select saga from tried where step = 5)), 'undone 0 ', 'and the providers follow');
select is(array(select pg_temp.has(org) from tried order by step), array_fill('none'::text, array[4]), 'each time nothing is left');
select is((select count(*) from tried t join private.directory d on d.org_id = t.org and d.kind = 'twilio_account'), 0::bigint, 'nor is an account kept from whoever has it');
select is(
    array(select i.status || ': ' || i.last_error from tried t join public.integrations i on i.org_id = t.org order by t.step),
    array(select 'disconnected: ' || e.sentence from unnest(array['twilio_credentials_wrong', 'provider_refused', 'vapi_refused_number', 'provider_refused']) with ordinality as c (code, place)
          join private.error_registry e on e.code = c.code order by c.place),
    'but why, for whoever looks later');
select tests.as_user(tests.admin(org)) from tried where step = 1;
select tests.throws_code(format('select public.connected_twilio(%L)', saga), 'twilio_credentials_wrong', 'and for whoever waits') from tried where step = 1;
select lives_ok(format('select public.connect_twilio(%L, %L, %L, 1)', 'AC' || md5(org::text), '+44207123401', :'sealed'), 'it may be tried again') from tried where step = 1;
select tests.as_owner();

select * from finish();
rollback;
