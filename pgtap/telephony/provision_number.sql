begin;
set local search_path = pg_catalog, extensions, pg_temp;
select plan(46);

update private.telephony_countries set bundle_sid = 'BU' || repeat('0', 32) where country_code = 'GB';
select tests.funded(2500) as org \gset
select tests.admin(:'org') as admin \gset
insert into public.agents (org_id, name, direction) values (:'org', 'Ada', 'inbound'), (:'org', 'Bob', 'outbound');

select tests.as_user(:'admin');
select public.provision_number('GB', 'inbound', '+442071230001') as operation \gset
select (:'operation'::jsonb ->> 'id') as saga \gset
select is(:'operation'::jsonb ->> 'status', 'running', 'buying a number is an operation to follow');
select is((public.get_operation(:'saga')).kind, 'provision_number', 'which its organisation can ask about');
select is((select status from public.list_managed_numbers()), 'provisioning', 'the number is on its way');
select tests.throws_code($$select public.provision_number('GB', 'inbound')$$, 'direction_taken', 'a second one for the same direction is not to be had');
select tests.throws_code($$select public.provision_number('GB', 'outbound', '+442071230001')$$, 'number_taken', 'nor the same number for the other one');
select tests.throws_code(format('select public.release_number(%L)', '+442071230001'), 'number_not_found', 'what has no name yet cannot be given back');
select tests.as_owner();
select is((tests.wallet(:'org')).balance_pence, 1500::bigint, 'it is paid before anything is bought, once');
select is(tests.ordered(:'org', 'twilio.ensure_subaccount'), 1::bigint, 'then the subaccount is seen to');
select is((select e.payload ->> 'subaccount_name' from private.effects e where e.org_id = :'org' and e.kind = 'twilio.ensure_subaccount'), 'voxanne:' || :'org', 'by the organisation''s name, so that it is found again');

select is(tests.step_done(:'saga', jsonb_build_object('subaccount_sid', 'AC' || repeat('1', 32), 'sealed', encode(decode(repeat('ab', 40), 'hex'), 'base64'), 'key_version', 3)), 'running 3 twilio.buy_number', 'with it the number is bought');
select is((select s.subaccount_sid || ' ' || s.key_version from private.twilio_subaccounts s where s.org_id = :'org'), 'AC' || repeat('1', 32) || ' 3', 'the subaccount is kept, its token sealed');
select ok(not (select s.facts ? 'sealed' from private.sagas s where s.id = :'saga'), 'but the saga knows nothing of the token');
select is((select e.payload -> 'account' ->> 'sid' from private.effects e where e.org_id = :'org' and e.kind = 'twilio.buy_number'), 'AC' || repeat('1', 32), 'it is bought in the subaccount');
select is((select e.payload ->> 'bundle_sid' from private.effects e where e.org_id = :'org' and e.kind = 'twilio.buy_number'), 'BU' || repeat('0', 32), 'with the papers the country asks for');
select is(tests.step_done(:'saga', jsonb_build_object('phone_number', '+442071230001', 'twilio_sid', 'PN' || repeat('2', 32))), 'running 4 vapi.import_number', 'then it is imported into Vapi');
select is((select count(*) from public.phone_number_mapping m where m.phone_number = '+442071230001'), 0::bigint, 'until then nothing rings');
select is(tests.step_done(:'saga', '{"vapi_phone_id": "5f1c7c9e-0d11-4d1a-9f3a-111111111111"}'), 'running 6 vapi.link_number', 'then it is written down and linked');
select is((select n.status from public.managed_phone_numbers n where n.org_id = :'org'), 'active', 'the number is the organisation''s');
select is((select m.org_id from public.phone_number_mapping m where m.phone_number = '+442071230001'), :'org'::uuid, 'its calls find the organisation');
select is((select a.name from public.phone_number_mapping m join public.agents a on a.org_id = m.org_id and a.id = m.agent_id where m.phone_number = '+442071230001'), 'Ada', 'and the agent who answers');
select is((select c.encrypted_config is null and c.is_active from private.org_credentials c where c.org_id = :'org' and c.type = 'inbound'), true, 'its credentials hold no secret of their own');
select is((select o.telephony_mode from public.organizations o where o.id = :'org'), 'managed', 'the organisation''s telephony is managed now');
select is(tests.step_done(:'saga'), 'done 6 ', 'that is all');
select tests.as_user(:'admin');
select is((public.get_operation(:'saga')).status, 'done', 'the operation says so');
select is((public.provisioned_number(:'saga')).phone_number, '+442071230001', 'and leads to the number');
select is((select array_agg(p.direction || ' ' || p.phone_number) from public.list_agent_phone_numbers() p), array['inbound +442071230001'], 'which agents can now be given');

-- The other direction, and what an outbound number does.
select tests.throws_code($$select public.provision_number('GB', 'outbound', '+442071230001')$$, 'number_taken', 'a number one has is not for sale a second time');
select public.provision_number('GB', 'outbound') ->> 'id' as second \gset
select tests.as_owner();
select is(tests.step_done(:'second', jsonb_build_object('subaccount_sid', 'AC' || repeat('1', 32), 'sealed', encode(decode(repeat('cd', 40), 'hex'), 'base64'), 'key_version', 3)), 'running 3 twilio.buy_number', 'each direction has its own number, in the same subaccount');
select tests.step_done(:'second', jsonb_build_object('phone_number', '+442071230002', 'twilio_sid', 'PN' || repeat('3', 32)));
select tests.step_done(:'second', '{"vapi_phone_id": "5f1c7c9e-0d11-4d1a-9f3a-222222222222"}');
select is(tests.step_done(:'second'), 'done 6 ', 'it is bought likewise');
select is((select count(*) from private.org_credentials c where c.org_id = :'org'), 2::bigint, 'the second number has its credentials like the first');
select is((select array_agg(a.name || coalesce(' ' || a.vapi_phone_number_id, '') order by a.name) from public.agents a where a.org_id = :'org'), array['Ada', 'Bob 5f1c7c9e-0d11-4d1a-9f3a-222222222222'], 'agents who call do so with the outbound one');
select is((select count(*) from public.phone_number_mapping m where m.org_id = :'org'), 1::bigint, 'which nobody''s call finds');
select is((tests.wallet(:'org')).balance_pence, 500::bigint, 'and costs as much');

-- A wish that makes no sense costs nothing and stores nothing.
select tests.org('Elsewhere') as poor \gset
select tests.as_user(tests.admin(:'poor'));
select tests.throws_code($$select public.provision_number('GB', 'inbound')$$, 'insufficient_balance', 'who cannot pay gets none');
select tests.throws_code($$select public.provision_number('GB', 'sideways')$$, 'direction_invalid', 'there are two directions');
select tests.throws_code($$select public.provision_number('GB', 'inbound', '07123')$$, 'phone_number_invalid', 'a number is E.164');
select tests.throws_code($$select public.provision_number('GB', 'inbound', '+449098790000')$$, 'premium_number', 'and not a premium one');
select tests.throws_code($$select public.provision_number('GB', 'inbound', '+12125550100')$$, 'number_of_another_country', 'nor another country''s');
select tests.throws_code($$select public.provision_number('GB', 'inbound', p_area_code => 'abc')$$, 'area_code_invalid', 'an area code is digits');
select tests.refuses_code($$select public.provision_number('KP', 'inbound')$$, 'country_unsupported', 'some countries we do not have');
select tests.refuses_code($$select public.provision_number('IE', 'inbound')$$, 'country_requirements_unmet', 'some want papers we do not have');
select tests.as_owner();
select is((select array_agg(concat_ws(' ', l.country_code, l.action, l.allowed, l.reason) order by l.created_at) from public.telephony_country_audit_log l where l.org_id = :'poor'), array['KP provision f country_unsupported', 'IE provision f country_requirements_unmet'], 'who asked for which country is remembered');
select is((select count(*) from public.managed_phone_numbers n where n.org_id = :'poor') + (select count(*) from private.sagas s where s.org_id = :'poor'), 0::bigint, 'and nothing else is');
select is((tests.wallet(:'poor')).entry_count, 0::bigint, 'nor charged');
select tests.as_user(tests.user(:'org', 'manager'));
select tests.throws_code($$select public.provision_number('GB', 'inbound')$$, 'role_too_low', 'an admin buys');
select tests.throws_code(format('select public.provisioned_number(%L)', gen_random_uuid()), 'role_too_low', 'and follows what was bought');

select * from finish();
rollback;
