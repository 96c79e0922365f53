begin;
set local search_path = pg_catalog, extensions, pg_temp;
select plan(62);

update private.telephony_countries set bundle_sid = 'BU' || repeat('0', 32) where country_code = 'GB';
select tests.funded(2500) as org, tests.org('Grin') as other, '2026-11-21 12:00+00' as then \gset
insert into public.agents (org_id, name, direction) values (:'org', 'Ada', 'inbound'), (:'org', 'Bob', 'outbound');
-- A saga about a number that has claimed its direction.
create function pg_temp.saga(p_org uuid, p_direction text, p_more jsonb default '{}') returns private.sagas language sql as $$
    insert into private.sagas (org_id, saga, subject_id, step, facts)
    select p_org, 'provision_number', n.id, 1, jsonb_build_object('country_code', 'GB', 'routing_direction', p_direction) || p_more
    from private.claim_direction(p_org, 'GB', p_direction, now()) as n
    returning sagas;
$$;
create function pg_temp.number(p_saga private.sagas) returns public.managed_phone_numbers language sql as $$
    select n from public.managed_phone_numbers n where n.org_id = p_saga.org_id and n.id = p_saga.subject_id;
$$;
select 'AC' || repeat('1', 32) as sid, 'PN' || repeat('2', 32) as twilio_sid \gset
select jsonb_build_object('account', row(:'org', :'sid', 'subaccount')::private.telephony_account, 'phone_number', '+442071230001',
    'twilio_sid', :'twilio_sid', 'vapi_phone_id', 'vapi-1') as facts \gset
select pg_temp.saga(:'org', 'inbound', :'facts') as saga \gset
select (:'saga'::private.sagas).subject_id as number \gset
-- Another organisation's, by chance of the same id.
select pg_temp.saga(:'other', 'inbound') as theirs \gset
update public.managed_phone_numbers set id = :'number', price_pence = 7 where org_id = :'other';
update private.sagas set subject_id = :'number' where org_id = :'other' returning sagas as theirs \gset
create function pg_temp.untouched(p_org uuid) returns boolean language sql as $$
    select (n.phone_number, n.twilio_sid, n.subaccount_sid, n.vapi_phone_id, n.status, n.price_pence, n.updated_at) is not distinct from (null, null, null, null, 'provisioning', 7, now())
    from public.managed_phone_numbers n where n.org_id = p_org;
$$;

create function pg_temp.used_by(p_org uuid, p_number uuid, p_status text) returns boolean language plpgsql as $$
begin
    update public.managed_phone_numbers set status = p_status, released_at = case p_status when 'released' then now() end,
        phone_number = '+442071230001', twilio_sid = 'PN' || repeat('2', 32), vapi_phone_id = 'vapi-1'
    where org_id = p_org and id = p_number;
    return private.subaccount_is_used(s) from private.twilio_subaccounts s where s.org_id = p_org;
end
$$;

-- Paid.
update public.managed_phone_numbers set price_pence = 1 where org_id = :'org' and id = :'number';
select is(private.pay_for_number(:'saga', '{}', now()), '{}', 'paying teaches a saga nothing');
select is((tests.wallet(:'org')).balance_pence, 1500::bigint, 'the price leaves the wallet');
select is((pg_temp.number(:'saga')).price_pence, 1000::bigint, 'what was paid is what is noted');
select is((select t.description || ' ' || t.type from public.credit_transactions t where t.org_id = :'org' and t.amount_pence < 0), 'Phone number (GB, inbound) deduction', 'the statement says for what');
select private.pay_for_number(:'saga', '{}', now()) \g /dev/null
select is((tests.wallet(:'org')).balance_pence, 1500::bigint, 'a number is paid once');
insert into public.asset_prices (asset_type, effective_from, price_pence) values ('managed_number', now() - interval '1 second', 1234);
select private.pay_for_number(:'saga', '{}', now()) \g /dev/null
select is((pg_temp.number(:'saga')).price_pence, 1000::bigint, 'also when its price has changed since');
select pg_temp.saga(:'org', 'outbound') as second \gset
select private.pay_for_number(:'second', '{}', now()) \g /dev/null
select is((tests.wallet(:'org')).balance_pence, 266::bigint, 'another number is paid by itself, as dear as it is today');
select tests.throws_code(format('select private.pay_for_number(%L, %L, now())', :'theirs', '{}'), 'insufficient_balance', 'who has no money gets none');
select ok(pg_temp.untouched(:'other'), 'nor does another organisation''s number learn of it');

-- The subaccount.
select jsonb_build_object('subaccount_sid', :'sid', 'sealed', encode(decode(repeat('ab', 40), 'hex'), 'base64'), 'key_version', 3) as answer \gset
create function pg_temp.subaccount(p_org uuid) returns text language sql as $$
    select concat_ws(' ', left(s.subaccount_sid, 4), left(encode(s.encrypted_token, 'hex'), 4), length(s.encrypted_token), s.key_version, s.status, s.created_at at time zone 'UTC', s.updated_at at time zone 'UTC')
    from private.twilio_subaccounts s where s.org_id = p_org;
$$;
select is(private.keep_subaccount(:'saga', :'answer', :'then'), jsonb_build_object('account', jsonb_build_object('org_id', :'org', 'sid', :'sid', 'type', 'subaccount')), 'the saga learns which account acts, and no token');
select is(pg_temp.subaccount(:'org'), 'AC11 abab 40 3 active 2026-11-21 12:00:00 2026-11-21 12:00:00', 'the token is kept as it was sealed');
select is((select d.org_id from private.directory d where d.kind = 'twilio_account' and d.key = :'sid'), :'org'::uuid, 'the subaccount is the organisation''s for ever');
update private.twilio_subaccounts set status = 'suspended' where org_id = :'org';
select private.keep_subaccount(:'saga', :'answer'::jsonb || jsonb_build_object('sealed', encode(decode(repeat('cd', 40), 'hex'), 'base64'), 'key_version', 4), '2026-11-22 12:00+00') \g /dev/null
select is(pg_temp.subaccount(:'org'), 'AC11 cdcd 40 4 active 2026-11-21 12:00:00 2026-11-22 12:00:00', 'found again it has its newest token, and works');
-- Another one, of the same name at Twilio.
select :'answer'::jsonb || jsonb_build_object('subaccount_sid', 'AC' || repeat('7', 32)) as another \gset
update private.twilio_subaccounts set status = 'suspended' where org_id = :'org';
update public.managed_phone_numbers set subaccount_sid = :'sid' where org_id = :'org' and id = :'number';
update private.sagas set finished_at = now(), state = 'done' where org_id = :'org';
select is(private.keep_subaccount(:'saga', :'another', now()), '{"refused": "twilio_account_inactive"}', 'another one does not replace one that has a number');
select is(pg_temp.subaccount(:'org'), 'AC11 cdcd 40 4 suspended 2026-11-21 12:00:00 2026-11-22 12:00:00', 'whose token stays, to give it back with');
select is((select d.org_id from private.directory d where d.kind = 'twilio_account' and d.key = 'AC' || repeat('7', 32)), null, 'and the other one is nobody''s');
select is(array(select pg_temp.used_by(:'org', :'number', status) from unnest(array['provisioning', 'active', 'releasing', 'released', 'failed']) as status), array[true, true, true, false, false], 'it is used until all its numbers are given back');
update public.managed_phone_numbers set subaccount_sid = null, status = 'provisioning', released_at = null, phone_number = null, twilio_sid = null, vapi_phone_id = null, updated_at = now() where org_id = :'org' and id = :'number';
update private.sagas set finished_at = null, state = 'running', facts = facts || jsonb_build_object('account', row(:'org', :'sid', 'subaccount')::private.telephony_account) where org_id = :'org';
select ok((select private.subaccount_is_used(s) from private.twilio_subaccounts s where s.org_id = :'org'), 'a purchase under way needs it before it has a number');
update private.twilio_subaccounts set status = 'closed' where org_id = :'org';
select private.keep_subaccount(:'saga', :'another', now()) \g /dev/null
select is(left(pg_temp.subaccount(:'org'), 4), 'AC77', 'a closed one is replaced, whatever it had');
update private.sagas set finished_at = now(), state = 'done' where org_id = :'org';
select private.keep_subaccount(:'saga', :'answer', '2026-11-22 12:00+00') \g /dev/null
select is(left(pg_temp.subaccount(:'org'), 4), 'AC11', 'so is one that has nothing');
update private.sagas set finished_at = null, state = 'running' where org_id = :'org';
select throws_like(format('select private.keep_subaccount(%L, %L, now())', :'theirs', :'answer'), '%belongs to another organisation%', 'no other organisation gets it');
select is(pg_temp.subaccount(:'other'), null, 'nor its token');

-- Bought, imported.
select is(private.number_bought(:'saga', jsonb_build_object('phone_number', '+442071230001', 'twilio_sid', :'twilio_sid'), :'then'), '{}', 'a purchase');
select is((n.phone_number, n.twilio_sid, n.subaccount_sid, n.status, n.updated_at)::text, format('(+442071230001,%s,%s,provisioning,"2026-11-21 12:00:00+00")', :'twilio_sid', :'sid'), 'gives the number its name, and says where it is') from pg_temp.number(:'saga') as n;
select is(private.number_imported(:'saga', '{"vapi_phone_id": "vapi-1"}', '2026-11-21 12:01+00'), '{}', 'an import');
select is((n.vapi_phone_id, n.status, n.updated_at)::text, '(vapi-1,provisioning,"2026-11-21 12:01:00+00")', 'gives it its name at Vapi; it is not yet active') from pg_temp.number(:'saga') as n;
select is((select d.org_id from private.directory d where d.kind = 'vapi_phone_number' and d.key = 'vapi-1'), :'org'::uuid, 'by which calls find the organisation');
select throws_like(format('select private.number_imported(%L, %L, now())', :'theirs', '{"vapi_phone_id": "vapi-1"}'), '%belongs to another organisation%', 'and no other one');
select ok(pg_temp.untouched(:'other'), 'another organisation''s number of that id is left alone');
select is((pg_temp.number(:'second')).phone_number, null, 'so is the organisation''s other number');

-- Recorded: what the saga learned, wherever it is looked for.
select is(private.record_number(:'saga', '{}', :'then'), '{}', 'the number is recorded');
select is((n.phone_number, n.country_code, n.routing_direction, n.twilio_sid, n.subaccount_sid, n.vapi_phone_id, n.status, n.price_pence)::text, format('(+442071230001,GB,inbound,%s,%s,vapi-1,active,1000)', :'twilio_sid', :'sid'), 'it is active, and costs what was paid') from pg_temp.number(:'saga') as n;
select is((select (c.type, c.account_sid, c.vapi_phone_id, c.phone_number, c.is_active)::text from private.org_credentials c where c.org_id = :'org'), format('(inbound,%s,vapi-1,+442071230001,t)', :'sid'), 'drop-downs offer it');
select is((select a.name from public.phone_number_mapping m join public.agents a on a.id = m.agent_id where m.org_id = :'org' and m.phone_number = '+442071230001'), 'Ada', 'it rings');
select is((select count(*) from public.managed_phone_numbers n where n.org_id = :'org'), 2::bigint, 'as the row that claimed its direction, not as one more');
update private.sagas set facts = facts || jsonb_build_object('account', row(:'org', :'sid', 'subaccount')::private.telephony_account, 'phone_number', '+442071230002', 'twilio_sid', 'PN' || repeat('3', 32), 'vapi_phone_id', 'vapi-2')
where org_id = :'org' and id = (:'second'::private.sagas).id returning sagas as second \gset
select private.record_number(:'second', '{}', :'then') \g /dev/null
select is((select array_agg(concat_ws(' ', a.name, a.vapi_phone_number_id) order by a.name) from public.agents a where a.org_id = :'org'), array['Ada', 'Bob vapi-2'], 'agents call with one that was bought for calling');
update private.sagas set facts = facts || jsonb_build_object('phone_number', '+442071230001', 'twilio_sid', 'PN' || repeat('4', 32), 'vapi_phone_id', 'vapi-3')
where org_id = :'other' returning sagas as theirs \gset
select is(private.record_number(:'theirs', '{}', now()), '{"refused": "number_taken"}', 'a number that rings elsewhere is not had twice: its purchase turns back');
select is((select count(*) from private.org_credentials c where c.org_id = :'other'), 0::bigint, 'then nothing of it is written');

-- Told.
create function pg_temp.told(p_org uuid, p_kind text) returns setof jsonb language sql as $$
    select e.payload from private.events e where e.org_id = p_org and e.kind = 'telephony.' || p_kind;
$$;
select is(private.number_linked(:'saga', '{}', :'then'), '{}', 'a number that works');
select results_eq(format('select * from pg_temp.told(%L, %L)', :'org', 'number_active'), $$ values ('{"phone_number": "+442071230001", "direction": "inbound"}'::jsonb) $$, 'is told of, once');
update public.managed_phone_numbers set status = 'releasing' where org_id = :'org' and id = :'number';
select is(private.number_released(:'saga', '{"released": false}', :'then'), '{}', 'a number that both providers let go');
select is((n.status, n.released_at, n.updated_at, n.phone_number)::text, '(released,"2026-11-21 12:00:00+00","2026-11-21 12:00:00+00",+442071230001)', 'is released, and stays as history') from pg_temp.number(:'saga') as n;
select results_eq(format('select * from pg_temp.told(%L, %L)', :'org', 'number_released'), $$ values ('{"phone_number": "+442071230001"}'::jsonb) $$, 'open screens hear of it');
select is((pg_temp.number(:'second')).status, 'active', 'the other number is still the organisation''s');
select ok(pg_temp.untouched(:'other'), 'and another organisation''s is as it was');
select is((select count(*) from private.events e where e.org_id = :'other' and e.kind like 'telephony.%'), 0::bigint, 'which heard of nothing');

-- Wishes.
select tests.throws_code(format('select private.check_number_wish(%L, %L, %L, %L)', country, direction, phone, area), code, description)
from (values
    ('GB', null, null, null, 'direction_invalid', 'a number has a direction'),
    ('GB', 'default', null, null, 'direction_invalid', 'which is one of two: both is for own accounts'),
    ('GB', 'inbound', null, '', 'area_code_invalid', 'no digits are no area'),
    ('GB', 'inbound', null, '00', 'area_code_invalid', 'nor are noughts'),
    ('GB', 'inbound', null, '0123456', 'area_code_invalid', 'nor more than an area has'),
    ('US', 'inbound', '+442071230001', null, 'number_of_another_country', 'a number is of the country it is wished from'),
    ('US', 'inbound', '+14165550100', null, 'number_of_another_country', 'also where the calling code is shared'),
    ('US', 'inbound', '12125550100', null, 'phone_number_invalid', 'it is E.164'),
    ('GB', 'inbound', '+449098790000', null, 'premium_number', 'and no premium one')) as t (country, direction, phone, area, code, description);
select lives_ok(format('select private.check_number_wish(%L, %L, %L, %L)', country, direction, phone, area), description)
from (values
    ('GB', 'inbound', null, null, 'any number is a wish'),
    ('GB', 'outbound', '+442071230001', '020', 'an area as it is dialled at home, with its number'),
    ('CA', 'inbound', '+14165550100', '416', 'a number of its country'),
    ('KP', 'inbound', '+442071230001', null, 'a country that is not ours is refused as such, not for its number')) as t (country, direction, phone, area, description);

-- A country's no.
select tests.refuses_code($$ select private.refuse_country('country_unsupported', 'KP') $$, 'country_unsupported', 'a country that is not ours');
select tests.refuses_code($$ select private.refuse_country('country_requirements_unmet', 'IE') $$, 'country_requirements_unmet', 'one whose papers are missing');
select is(private.refuse_country('country_requirements_unmet', 'FR') #>> '{details,requirements}', 'A regulatory bundle with proof of the business and of an address in France.', 'with what its regulator asks for');

select * from finish();
rollback;
