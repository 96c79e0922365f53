begin;
set local search_path = pg_catalog, extensions, pg_temp;
select plan(54);

update private.email_settings set app_url = 'https://app.example.test' where singleton;
select tests.org('Smile') as org, tests.org('Grin') as other, '2026-11-21 12:00+00' as then, decode(repeat('ab', 40), 'hex') as sealed \gset
select tests.admin(:'org') as admin, tests.user(:'org', 'admin') as second, tests.user(:'org', 'manager') as manager, 'AC' || md5(:'org') as sid \gset
insert into public.agents (org_id, name, direction) values (:'org', 'Ada', 'inbound'), (:'org', 'Bob', 'outbound'), (:'other', 'Cat', 'outbound'), (:'other', 'Dan', 'inbound');
-- What an organisation has of an account: mode, keys and whether they are used, mapping, agents that call with it, caller IDs.
create function pg_temp.has(p_org uuid) returns text language sql as $$
    select concat_ws(' ',
        (select o.telephony_mode from public.organizations o where o.id = p_org),
        (select string_agg(concat_ws(':', c.provider, c.is_active, c.vapi_phone_id, c.vapi_credential_id), ',' order by c.provider) from private.org_credentials c where c.org_id = p_org),
        (select string_agg(m.phone_number || '→' || (select a.name from public.agents a where a.id = m.agent_id), ',') from public.phone_number_mapping m where m.org_id = p_org),
        (select string_agg(a.name || ':' || a.vapi_phone_number_id, ',') from public.agents a where a.org_id = p_org and a.vapi_phone_number_id is not null),
        (select string_agg(c.status, ',' order by c.phone_number) from public.verified_caller_ids c where c.org_id = p_org));
$$;
create function pg_temp.told(p_org uuid) returns text[] language sql as $$
    select array_agg(e.payload ->> 'provider' || ' ' || (e.payload ->> 'status') order by e.id) from private.events e where e.org_id = p_org and e.kind = 'integration.changed';
$$;
create function pg_temp.shown(p_org uuid) returns text language sql as $$
    select concat_ws(' ', i.status, i.account_label, i.phone_number, i.connected_at at time zone 'UTC', i.healthy, i.last_checked_at at time zone 'UTC', i.last_error) from private.twilio_integration(p_org) as i;
$$;
create function pg_temp.saga(p_org uuid, p_saga text, p_subject uuid, p_facts jsonb default '{}', p_state text default 'running') returns private.sagas language sql as $$
    insert into private.sagas (org_id, saga, subject_id, state, facts, finished_at) values (p_org, p_saga, p_subject, p_state, p_facts, case when p_state in ('done', 'undone') then now() end) returning sagas;
$$;

-- Before anything, and a caller ID of either organisation.
select is(pg_temp.shown(:'org'), 'disconnected f', 'who has no telephony is shown none');
select is((private.own_account_saga(:'org')).id, null, 'nothing is under way');
select tests.verified_phone(:'org'), tests.verified_phone(:'other') \g /dev/null
insert into public.verified_caller_ids (org_id, phone_number) values (:'org', '+447700900199');
insert into private.org_credentials (org_id, provider, type, encrypted_config, key_version, connected_email, is_active) values (:'org', 'google', 'default', :'sealed', 1, 'a@example.test', false);

-- Under way.
select (private.claim_own_account(:'org', :'sid', '+442071230001', :'sealed', 1, now())).id as credential \gset
select pg_temp.saga(:'org', 'connect_twilio', :'credential', '{"phone_number": "+442071230001", "routing_direction": "default", "vapi_phone_id": "phone-1", "vapi_credential_id": "cred-1", "account_name": "Smile Ltd"}') as saga \gset
select is((private.own_account_saga(:'org')).id, (:'saga'::private.sagas).id, 'the saga that connects it');
select is((private.own_account_saga(:'other')).id, null, 'is nobody else''s');
select is(pg_temp.shown(:'org'), 'connecting +442071230001 f', 'meanwhile it is shown as being connected');
select private.note_integration(:'org', 'twilio', 'error', 'Old', 'Wrong keys.', :'then') \g /dev/null
select is(pg_temp.shown(:'org'), 'connecting +442071230001 f', 'and not as what it was before');
update private.sagas set state = 'undoing' where org_id = :'org';
select is((private.own_account_saga(:'org')).state, 'undoing', 'one on its way back is still under way');
update private.sagas set state = 'undone', finished_at = now() where org_id = :'org';
select is((private.own_account_saga(:'org')).id, null, 'one that ended is not');
select pg_temp.saga(:'org', 'provision_number', gen_random_uuid()) \g /dev/null
select is((private.own_account_saga(:'org')).id, null, 'nor is a number that is bought');
select pg_temp.saga(:'org', 'disconnect_twilio', gen_random_uuid()) as leaving \gset
select is((private.own_account_saga(:'org')).id, (:'leaving'::private.sagas).id, 'a saga that disconnects is one as well');
update private.sagas set state = 'done', finished_at = now() where org_id = :'org' and finished_at is null;

-- Imported.
select is(private.own_number_imported(:'saga', '{"vapi_phone_id": "phone-1"}', :'then'), '{}', 'an import');
select is((select d.org_id from private.directory d where d.kind = 'vapi_phone_number' and d.key = 'phone-1'), :'org'::uuid, 'makes the number at Vapi the organisation''s for ever');
select lives_ok(format('select private.own_number_imported(%L, %L, now())', :'saga', '{"vapi_phone_id": "phone-1"}'), 'also twice');
select throws_like(format('select private.own_number_imported(%L, %L, now())', pg_temp.saga(:'other', 'connect_twilio', gen_random_uuid()), '{"vapi_phone_id": "phone-1"}'), '%belongs to another organisation%', 'but nobody else''s');

-- Recorded.
select is(pg_temp.has(:'org'), 'none google:f,twilio:f verified,pending', 'until then nothing is used');
select pg_temp.saga(:'other', 'connect_twilio', :'credential', '{"phone_number": "+442071230002", "routing_direction": "default", "vapi_phone_id": "phone-2"}', 'done') as theirs \gset
select is(private.record_own_account(:'saga', '{}', :'then'), '{}', 'an account that is recorded');
select is(pg_temp.has(:'org'), 'byoc google:f,twilio:t:phone-1:cred-1 +442071230001→Ada Bob:phone-1 expired,expired', 'is used: its number rings, agents call with it, and caller IDs of another account say nothing any more');
select is((select c.last_verified_at from private.org_credentials c where c.org_id = :'org' and c.id = :'credential'), :'then'::timestamptz, 'it was seen to work then');
select is(pg_temp.has(:'other'), 'none verified', 'another organisation has nothing of it');
select is(private.telephony_account_of(:'org'), row(:'org', :'sid', 'default')::private.telephony_account, 'from then on it is who acts');
select is(private.record_own_account(:'theirs', '{}', :'then'), '{}', 'another organisation''s saga');
select is((select (c.is_active, c.vapi_phone_id)::text from private.org_credentials c where c.org_id = :'org' and c.id = :'credential'), '(t,phone-1)', 'does nothing to these keys, though it named them');
select is(private.record_own_account(pg_temp.saga(:'other', 'connect_twilio', gen_random_uuid(), '{"phone_number": "+442071230001", "routing_direction": "default"}', 'done'), '{}', now()), '{"refused": "number_taken"}', 'a number that rings elsewhere cannot be used: its account turns back');

-- Linked.
select is(private.own_account_linked(:'saga', '{}', :'then'), '{}', 'an account that is linked');
select is(pg_temp.shown(:'org'), 'connected Smile Ltd +442071230001 2026-11-21 12:00:00 t 2026-11-21 12:00:00', 'is connected, under its own name, and nothing is wrong with it any more');
select is(pg_temp.told(:'org'), array['twilio error', 'twilio connected'], 'open screens hear of it');
select is(pg_temp.told(:'other'), null, 'those of the organisation');
update private.sagas set state = 'running', finished_at = null where org_id = :'org' and id = (:'saga'::private.sagas).id;
select is(split_part(pg_temp.shown(:'org'), ' ', 1), 'connected', 'what is connected stays so to the end of any saga');
update private.sagas set state = 'done', finished_at = now() where org_id = :'org' and finished_at is null;

-- Broken, and well again.
create function pg_temp.mailed(p_org uuid) returns text[] language sql as $$
    select array_agg(e.recipient order by e.recipient) from private.emails e where e.org_id = p_org and e.template = 'twilio_broken';
$$;
select private.tell_own_account(:'org', '+442071230001', 'Smile Ltd', 'Twilio has suspended this account.', :'then') \g /dev/null
select is(pg_temp.mailed(:'org'), (select array_agg(p.email order by p.email) from public.profiles p where p.id in (:'admin', :'second')), 'an account that broke: each admin is written to, nobody else');
select ok(e.text like '%Smile Ltd%' and e.text like '%+442071230001%' and e.text like '%Twilio has suspended this account.%', 'which account, which number, and why') from private.emails e where e.org_id = :'org' and e.template = 'twilio_broken' limit 1;
select is((pg_temp.told(:'org'))[3], 'twilio error', 'and screens show it');
select private.tell_own_account(:'org', '+442071230001', 'Smile Ltd', 'Twilio has suspended this account.', :'then') \g /dev/null
select is(cardinality(pg_temp.mailed(:'org')), 2, 'of one break once');
select private.tell_own_account(:'org', '+442071230001', 'Smile Ltd', null, :'then'::timestamptz + interval '1 hour') \g /dev/null
select is(cardinality(pg_temp.mailed(:'org')), 2, 'nobody is written to because it works again');
select is((pg_temp.told(:'org'))[5], 'twilio connected', 'screens show that');
select private.tell_own_account(:'org', '+442071230001', null, 'Wrong keys.', :'then'::timestamptz + interval '1 day') \g /dev/null
select is(cardinality(pg_temp.mailed(:'org')), 4, 'the next break is told again');
select ok(exists (select from private.emails e where e.org_id = :'org' and e.text like '%Wrong keys.%' and e.text like '%Twilio%'), 'an account without a name is one at Twilio');
select is(pg_temp.mailed(:'other'), null, 'another organisation''s admins hear nothing');
select is(pg_temp.told(:'other'), null, 'nor do its screens');
update public.integrations set status = 'error', last_error = 'Wrong keys.' where org_id = :'org' and provider = 'twilio';
select is(pg_temp.shown(:'org'), 'error Smile Ltd +442071230001 2026-11-21 12:00:00 f 2026-11-21 12:00:00 Wrong keys.', 'a broken account is shown with its reason, and not as healthy');

-- Let go.
update public.verified_caller_ids set status = 'verified', verified_at = now(), twilio_caller_id_sid = 'PN' || md5(phone_number) where org_id = :'org' and phone_number = '+447700900123';
select is(private.let_own_account_go(:'saga', '{}', :'then'), '{}', 'an account that is let go');
select is(pg_temp.has(:'org'), 'none google:f expired,expired', 'is gone with its keys, at once; keys of others stay');
select is((private.telephony_account_of(:'org')).sid, null, 'it acts no more');
select is(pg_temp.shown(:'org'), 'disconnected f 2026-11-21 12:00:00', 'and is shown as gone');
select is((pg_temp.told(:'org'))[7], 'twilio disconnected', 'screens hear of it');
select is(pg_temp.has(:'other'), 'byoc +442071230002→Dan Cat:phone-2 expired', 'another organisation keeps its own');

-- Caller IDs when an account changes.
update public.verified_caller_ids set status = 'verified', verified_at = now(), twilio_caller_id_sid = 'PN' || md5(phone_number) where phone_number = '+447700900123' and org_id in (:'org', :'other');
update public.verified_caller_ids set status = 'pending' where phone_number = '+447700900199' and org_id = :'org';
select private.forget_caller_ids(:'org', :'then') \g /dev/null
select is((select (c.status, c.verified_at, c.updated_at, c.twilio_caller_id_sid is not null)::text from public.verified_caller_ids c where c.org_id = :'org' and c.phone_number = '+447700900123'), '(expired,,"2026-11-21 12:00:00+00",f)', 'what was verified is to be verified anew');
select is((select (c.status, c.effect_id, c.twilio_call_sid)::text from public.verified_caller_ids c where c.org_id = :'org' and c.phone_number = '+447700900199'), '(expired,,)', 'what was begun is to be begun anew');
select is((select c.status from public.verified_caller_ids c where c.org_id = :'other'), 'verified', 'another organisation''s stay verified');

-- Numbers managed for it.
select tests.funded(2000) as managed \gset
select tests.bought_number(:'managed', 'outbound', '+442071230011', :'then') \g /dev/null
select is(pg_temp.shown(:'managed'), 'connected Voxanne +442071230011 2026-11-21 12:00:00 t 2026-11-21 12:00:00', 'a managed number is a connection, ours');
select tests.bought_number(:'managed', 'inbound', '+442071230012', '2026-11-22 12:00+00') \g /dev/null
select is(pg_temp.shown(:'managed'), 'connected Voxanne +442071230012 2026-11-22 12:00:00 t 2026-11-22 12:00:00', 'the one that rings is shown before the one that calls');
update private.twilio_subaccounts set status = 'suspended' where org_id = :'managed';
select is(pg_temp.shown(:'managed'), 'error Voxanne +442071230012 2026-11-22 12:00:00 f 2026-11-22 12:00:00 ' || e.sentence, 'it is not well while the subaccount is suspended, and says why') from private.error_registry e where e.code = 'twilio_account_inactive';
select is((private.telephony_account_of(:'managed')).sid, 'AC' || md5(:'managed'), 'which still is the account that acts: what it has is given back with it');
update private.twilio_subaccounts set status = 'closed' where org_id = :'managed';
select is((private.telephony_account_of(:'managed')).sid, null, 'a closed one acts no more');
update public.managed_phone_numbers set status = 'releasing' where org_id = :'managed';
select is(pg_temp.shown(:'managed'), 'disconnected f', 'a number on its way out is no connection');

select * from finish();
rollback;
