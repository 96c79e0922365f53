begin;
set local search_path = pg_catalog, extensions, pg_temp;
select plan(21);

update private.telephony_countries set bundle_sid = 'BU' || repeat('0', 32) where country_code = 'GB';
select tests.org('Smile') as org, tests.org('Grin') as other, tests.funded(3000) as managed \gset
select tests.user(:'org', 'user') as person, tests.user(:'org', 'manager') as manager, tests.admin(:'other') as stranger,
       tests.api_key(:'org', '{integrations:read}') as key, tests.api_key(:'org', '{integrations:write}') as writer \gset
create function pg_temp.shown(p_provider text) returns text language sql as $$
    select concat_ws(' ', i.status, i.account_label, i.phone_number, to_char(i.connected_at, 'YYYY-MM-DD'), i.healthy, to_char(i.last_checked_at, 'YYYY-MM-DD'), i.last_error)
    from public.list_integrations() i where i.provider = p_provider;
$$;
grant execute on function pg_temp.shown(text) to authenticated;

select tests.as_user(:'person');
select tests.throws_code('select public.list_integrations()', 'role_too_low');
select tests.as_api_key(:'writer');
select tests.throws_code('select public.list_integrations()', 'scope_missing');
select tests.as_user(:'manager');
select is(array(select provider from public.list_integrations()), array['twilio', 'google', 'outlook'], 'whatever can be connected is listed');
select is(array(select pg_temp.shown(p) from unnest(array['twilio', 'google', 'outlook']) as p), array_fill('disconnected f'::text, array[3]), 'none of it is, to begin with');
select tests.as_owner();

-- An own account.
select tests.connected_account(:'org', '+442071230001', '2026-03-01');
select tests.connected_account(:'other', '+442071230002', '2026-04-01');
insert into public.integrations (org_id, provider, status, account_label, connected_at, last_checked_at)
values (:'org', 'google', 'connected', 'desk@clinic.example', '2026-02-01', '2026-02-02');
insert into public.integrations (org_id, provider, status, account_label, connected_at, last_checked_at, last_error)
values (:'org', 'outlook', 'error', 'desk@clinic.example', '2026-02-01', '2026-02-03', 'Access was withdrawn.');
select tests.as_user(:'manager');
select is(pg_temp.shown('twilio'), 'connected Own account +442071230001 2026-03-01 t 2026-03-01', 'an own account: as whom, with which number, since when');
select is(pg_temp.shown('google'), 'connected desk@clinic.example 2026-02-01 t 2026-02-02', 'a calendar likewise');
select is(pg_temp.shown('outlook'), 'error desk@clinic.example 2026-02-01 f 2026-02-03 Access was withdrawn.', 'what is broken says why');
select is((select count(*) from public.list_integrations() i where to_jsonb(i)::text ~ (encode(decode(repeat('ab', 40), 'hex'), 'base64') || '|AC[0-9a-f]{32}')), 0::bigint, 'nothing secret is in it');
select tests.as_api_key(:'key');
select is((select count(*) from public.list_integrations()), 3::bigint, 'a key may look, with its scope');
select tests.as_user(:'stranger');
select is(pg_temp.shown('twilio'), 'connected Own account +442071230002 2026-04-01 t 2026-04-01', 'each organisation sees its own');
select is(pg_temp.shown('google'), 'disconnected f', 'and nobody else''s');
select tests.as_owner();

-- Managed numbers.
select tests.bought_number(:'managed', 'outbound', '+442071230003', '2026-05-01');
select tests.as_user(tests.admin(:'managed'));
select is(pg_temp.shown('twilio'), 'connected Voxanne +442071230003 2026-05-01 t 2026-05-01', 'managed numbers are an integration that we keep');
select tests.as_owner();
select tests.bought_number(:'managed', 'inbound', '+442071230004', '2026-06-01');
select tests.as_user(tests.admin(:'managed'));
select is(pg_temp.shown('twilio'), 'connected Voxanne +442071230004 2026-06-01 t 2026-06-01', 'the number that rings is the one to know');
select tests.as_owner();
update private.twilio_subaccounts a set status = 'suspended' where a.org_id = :'managed';
select tests.as_user(tests.admin(:'managed'));
select is(pg_temp.shown('twilio'), 'error Voxanne +442071230004 2026-06-01 f 2026-06-01 This Twilio account is suspended or closed. Whoever owns it finds out why in Twilio''s console.', 'with the subaccount suspended they are not well');
select public.release_number('+442071230004'), public.release_number('+442071230003') \g /dev/null
select is(pg_temp.shown('twilio'), 'disconnected f', 'given back, nothing is connected');
select tests.as_owner();

-- An own account after managed numbers, and the way there.
select tests.funded(1000) as busy \gset
select (private.claim_direction(:'busy', 'GB', 'inbound', now())).id as number \gset
select tests.as_user(tests.admin(:'busy'));
select tests.throws_code(format('select public.connect_twilio(%L, %L, %L, 1)', 'AC' || md5('x'), '+442071230005', encode(decode(repeat('ab', 40), 'hex'), 'base64')), 'managed_numbers_live', 'a managed number on its way refuses an own account');
select tests.as_owner();
update public.managed_phone_numbers n set status = 'active', phone_number = '+442071230006', twilio_sid = 'PN' || repeat('1', 32), vapi_phone_id = 'x' where n.id = :'number';
select tests.as_user(tests.admin(:'busy'));
select tests.throws_code(format('select public.connect_twilio(%L, %L, %L, 1)', 'AC' || md5('x'), '+442071230005', encode(decode(repeat('ab', 40), 'hex'), 'base64')), 'managed_numbers_live', 'so does one that is live');
select is((select status from public.list_integrations() where provider = 'twilio'), 'connected', 'and stays what is connected');
select tests.as_owner();
update public.managed_phone_numbers n set status = 'releasing' where n.id = :'number';
select tests.as_user(tests.admin(:'busy'));
select lives_ok(format('select public.connect_twilio(%L, %L, %L, 1)', 'AC' || md5('x'), '+442071230005', encode(decode(repeat('ab', 40), 'hex'), 'base64')), 'one that is being given back does not');
select is(pg_temp.shown('twilio'), 'connecting +442071230005 f', 'what is on its way shows as that');
select tests.as_owner();
select private.note_integration(:'busy', 'twilio', 'error', null, repeat('x', 600), '2026-07-01');
select tests.as_user(tests.admin(:'busy'));
select is(pg_temp.shown('twilio'), 'connecting +442071230005 f', 'whatever went wrong before');

select * from finish();
rollback;
