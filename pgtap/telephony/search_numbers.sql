begin;
set local search_path = pg_catalog, extensions, pg_temp;
select plan(64);

select tests.org('Smile') as org, tests.org('Grin') as other \gset
select tests.admin(:'org') as admin, tests.user(:'org', 'manager') as manager, tests.admin(:'other') as stranger,
       tests.api_key(:'org', '{telephony:read}') as key, tests.api_key(:'org', '{telephony:write}') as writer \gset
-- What was written down of who wanted which country, the newest last.
create function pg_temp.noted(p_org uuid) returns text[] language sql as $$
    select array_agg(concat_ws(' ', l.country_code, l.action, l.allowed, l.reason) order by l.created_at, l.id) from public.telephony_country_audit_log l where l.org_id = p_org;
$$;

-- Who may.
select tests.as_user(:'manager');
select tests.throws_code($$ select public.search_numbers('US') $$, 'role_too_low');
select tests.as_api_key(:'writer');
select tests.throws_code($$ select public.search_numbers('US') $$, 'scope_missing');
select tests.as_api_key(:'key');
select is(public.search_numbers('US') ->> 'status', 'queued', 'a key may, with its scope');

-- What is asked of Twilio.
select tests.as_user(:'admin');
select public.search_numbers('US', '212', '555*') as found \gset
select is(:'found'::jsonb ->> 'kind', 'twilio.search_numbers', 'a search is an operation to follow');
select is((public.get_operation((:'found'::jsonb ->> 'id')::uuid)).status, 'queued', 'which its organisation can ask about');
select tests.as_owner();
select is((select e.payload from private.effects e where e.id = (:'found'::jsonb ->> 'id')::uuid),
    '{"country_code": "US", "number_type": "Local", "area_code": "212", "contains": "555*", "calling_code": "1", "limit": 20}'::jsonb, 'with the wishes that were given');
select tests.as_user(:'admin');
select public.search_numbers('CA') ->> 'id' as bare \gset
select tests.as_owner();
select is((select e.payload from private.effects e where e.id = :'bare'), '{"country_code": "CA", "number_type": "Local", "calling_code": "1", "limit": 20}'::jsonb, 'or without');

select tests.as_user(:'admin');
select public.search_numbers('GB', '020') ->> 'id' as dialled \gset
select tests.as_owner();
select is((select e.payload ->> 'area_code' from private.effects e where e.id = :'dialled'), '20', 'an area as it is dialled at home is the same area');

-- Bad wishes.
select tests.as_user(:'admin');
select tests.throws_code(format('select public.search_numbers(%L, %L)', 'US', a), 'area_code_invalid', to_json(a)::text || ' is no area code')
from unnest(array['', 'abc', '2 1', '212555', '+1', '-1', '21*', '٢١٢', E'212\n', '1.5']) as a;
select tests.throws_code(format('select public.search_numbers(%L, null, %L)', 'US', c), 'number_pattern_invalid', to_json(c)::text || ' is no pattern')
from unnest(array['', '1', 'AB', '%%', '12 34', repeat('1', 17), '+1212', '5_5', E'55\n', '55&PageSize=1000']) as c;
select tests.refuses_code(format('select public.search_numbers(%L)', c), 'country_unsupported', coalesce(to_json(c)::text, 'nowhere') || ' is not one of ours')
from unnest(array[null, '', 'XX', 'us', 'USA', 'United States', repeat('U', 200), '../US']) as c;
select tests.as_owner();
select is(count(*), 4::bigint, 'nothing of it is asked of Twilio') from private.effects e where e.org_id = :'org' and e.kind = 'twilio.search_numbers';

-- It is written down all the same.
select is(pg_temp.noted(:'org'),
    array['US search t', 'US search t', 'CA search t', 'GB search t', '? search f country_unsupported', '? search f country_unsupported', 'XX search f country_unsupported', 'us search f country_unsupported',
          'USA search f country_unsupported', 'United States search f country_unsupported', repeat('U', 100) || ' search f country_unsupported', '../US search f country_unsupported'],
    'who wanted which country is written down, what was refused with the reason');
select is(array(select distinct l.user_id from public.telephony_country_audit_log l where l.org_id = :'org' and l.user_id is not null), array[:'admin'::uuid], 'with the person; a key is none');
select throws_ok(format('update public.telephony_country_audit_log set allowed = true where org_id = %L', :'org'), null, null, 'it cannot be changed');
select throws_ok(format('delete from public.telephony_country_audit_log where org_id = %L', :'org'), null, null, 'nor taken away');
select tests.as_user(:'manager');
select is((select count(*) from public.telephony_country_audit_log), 0::bigint, 'a manager does not read it');
select tests.as_user(:'admin');
select cmp_ok((select count(*) from public.telephony_country_audit_log), '>', 0::bigint, 'an admin does');
select tests.as_user(:'stranger');
select is((select count(*) from public.telephony_country_audit_log), 0::bigint, 'another organisation''s does not');

-- What a country asks for is shown before money moves.
select tests.as_user(:'admin');
select public.search_numbers('GB', '20') ->> 'id' as gb \gset
select tests.throws_code(format('select public.available_numbers(%L)', :'gb'), 'operation_not_found', 'before Twilio has answered nothing is to be seen');
select tests.as_owner();
select tests.answered(:'org', 'twilio.search_numbers', '{"numbers": [{"phone_number": "+442079460018", "friendly_name": "+442079460018", "locality": "London", "region": null, "country_code": "GB", "voice": true, "sms": false, "more": "than we show"}]}');
select tests.as_user(:'admin');
select is((o.country_code, o.country, o.price_pence, o.monthly, o.requirements, o.requirements_met)::text,
    '(GB,"United Kingdom",1000,f,"A regulatory bundle with the business''s name, registration number and address.",f)', 'price and papers stand beside the numbers')
from public.available_numbers(:'gb') o;
select is((select array_agg(n::text) from public.available_numbers(:'gb') o, unnest(o.numbers) n), array['(+442079460018,+442079460018,London,,GB,t,f)'], 'and these are the numbers');
select tests.throws_code(format('select public.available_numbers(%L)', :'found'::jsonb ->> 'id'), 'operation_not_found', 'another search is another one');
select tests.throws_code(format('select public.available_numbers(%L)', gen_random_uuid()), 'operation_not_found');
select tests.as_user(:'stranger');
select tests.throws_code(format('select public.available_numbers(%L)', :'gb'), 'operation_not_found', 'another organisation sees nothing of it');

-- The operator's papers.
select throws_ok($$ select public.set_country_papers('GB', 'BU00000000000000000000000000000001', null) $$, '42501', null, 'papers are the operator''s');
select tests.as_service();
select tests.throws_code($$ select public.set_country_papers('XX', 'BU00000000000000000000000000000001', null) $$, 'country_unsupported');
select throws_ok($$ select public.set_country_papers('GB', 'BU1', null) $$, '23514', null, 'what is no bundle is not taken');
select public.set_country_papers('GB', 'BU00000000000000000000000000000001', null) \g /dev/null
select public.set_country_papers('IE', 'BU00000000000000000000000000000002', null) \g /dev/null
select tests.as_user(:'admin');
select ok((public.available_numbers(:'gb')).requirements_met, 'with them a country''s numbers can be bought');
select tests.as_owner();
select is(private.country_refusal('GB'), null, 'GB asks for a bundle, which is there');
select is(private.country_refusal('IE'), 'country_requirements_unmet', 'Ireland asks for an address as well');
select is(private.country_refusal('US'), null, 'the United States ask for nothing');
select is(private.country_refusal(null), 'country_unsupported', 'nowhere is no country');
update private.telephony_countries c set enabled = false where c.country_code = 'US';
select is(private.country_refusal('US'), 'country_unsupported', 'a country can be switched off');
select tests.as_user(:'admin');
select tests.refuses_code($$ select public.search_numbers('US') $$, 'country_unsupported', 'and is then not searched');
select tests.refuses_code($$ select public.provision_number('IE', 'inbound') $$, 'country_requirements_unmet', 'without all papers nothing is sold');
select tests.as_owner();
select is((pg_temp.noted(:'org'))[array_upper(pg_temp.noted(:'org'), 1)], 'IE provision f country_requirements_unmet', 'that somebody wanted to buy is written down as well');
select is((tests.wallet(:'org')).balance_pence, 0::bigint, 'and no money moved');

-- A search that came to nothing.
select tests.as_user(:'admin');
select public.search_numbers('CA') ->> 'id' as dead \gset
select tests.as_owner();
select tests.answered(:'org', 'twilio.search_numbers', null, 'dead');
select tests.as_user(:'admin');
select tests.throws_code(format('select public.available_numbers(%L)', :'dead'), 'provider_refused', 'when Twilio cannot be asked, that is said');
select tests.as_owner();

select * from finish();
rollback;
