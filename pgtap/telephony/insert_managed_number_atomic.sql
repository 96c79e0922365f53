begin;
set local search_path = pg_catalog, extensions, pg_temp;
select plan(17);

-- Writes a number as the saga does.
create function pg_temp.insert_number(p_org uuid, p_direction text, p_phone text) returns uuid language sql as $$
    select (private.insert_managed_number_atomic(
        p_org, p_phone, p_direction, 'GB', 'PN' || md5(p_phone), 'AC' || md5(p_org::text), 'vapi-' || p_phone)).id;
$$;

-- What an organisation has to show: numbers, credentials, mappings, agents that call.
create function pg_temp.has(p_org uuid) returns text language sql as $$
    select concat_ws(' ',
        (select count(*) from public.managed_phone_numbers n where n.org_id = p_org and n.status = 'active'),
        (select count(*) from private.org_credentials c where c.org_id = p_org and c.is_active),
        (select count(*) from public.phone_number_mapping m where m.org_id = p_org),
        (select count(*) from public.agents a where a.org_id = p_org and a.vapi_phone_number_id is not null));
$$;

select tests.org('Ours') as ours \gset
select tests.org('Theirs') as theirs \gset
insert into public.agents (org_id, name, direction) values (:'ours', 'Ada', 'inbound'), (:'ours', 'Bob', 'outbound'), (:'ours', 'Bea', 'outbound');

select lives_ok(format('select pg_temp.insert_number(%L, %L, %L)', :'ours', 'inbound', '+442071230001'), 'an inbound number');
select is(pg_temp.has(:'ours'), '1 1 1 0', 'is a number, has credentials and rings');
select is((select a.name from public.phone_number_mapping m join public.agents a on a.org_id = m.org_id and a.id = m.agent_id where m.phone_number = '+442071230001'), 'Ada', 'where the agent is who answers');
select is((select o.telephony_mode from public.organizations o where o.id = :'ours'), 'managed', 'the organisation''s telephony is managed');
select lives_ok(format('select pg_temp.insert_number(%L, %L, %L)', :'ours', 'outbound', '+442071230002'), 'an outbound number beside it');
select is(pg_temp.has(:'ours'), '2 2 1 2', 'has credentials like the first, does not ring, and every agent who calls calls with it');
select is((select array_agg(c.type order by c.type) from private.org_credentials c where c.org_id = :'ours'), array['inbound', 'outbound'], 'each direction has its own');
select is((select count(*) from private.org_credentials c where c.org_id = :'ours' and (c.encrypted_config is not null or c.key_version is not null)), 0::bigint, 'and none has a secret: that is the subaccount''s');
select is((select count(distinct c.vapi_phone_id) from private.org_credentials c where c.org_id = :'ours'), 2::bigint, 'nor the other''s number at Vapi');

-- Everywhere or nowhere.
select tests.throws_code(format('select pg_temp.insert_number(%L, %L, %L)', :'theirs', 'inbound', '+442071230001'), 'number_taken', 'a number that rings elsewhere is not to be had');
select is(pg_temp.has(:'theirs'), '0 0 0 0', 'then nothing of it is written');
select is((select o.telephony_mode from public.organizations o where o.id = :'theirs'), 'none', 'nor is the organisation''s telephony managed');
select is((select m.org_id from public.phone_number_mapping m where m.phone_number = '+442071230001'), :'ours'::uuid, 'and its calls stay where they went');
select throws_ok(format('select pg_temp.insert_number(%L, %L, %L)', :'ours', 'inbound', '+442071230003'), '23505', null, 'a second number of a direction is none');
select throws_ok(format('select pg_temp.insert_number(%L, %L, %L)', :'theirs', 'sideways', '+442071230004'), '23514', null, 'and there are two directions');
select is(pg_temp.has(:'ours') || ', ' || pg_temp.has(:'theirs'), '2 2 1 2, 0 0 0 0', 'nothing came of either');

update public.organizations o set telephony_mode = 'byoc' where o.id = :'theirs';
select pg_temp.insert_number(:'theirs', 'inbound', '+442071230005');
select is((select o.telephony_mode from public.organizations o where o.id = :'theirs'), 'byoc', 'an organisation that brought its own account keeps its mode');

select * from finish();
