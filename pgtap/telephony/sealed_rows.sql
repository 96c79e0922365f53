begin;
set local search_path = pg_catalog, extensions, pg_temp;
select plan(25);

select tests.org('A') as a \gset
select tests.org('B') as b \gset
insert into private.org_credentials (org_id, provider, type, encrypted_config, key_version, is_active) values
    (:'a', 'twilio', 'default', convert_to(repeat('a', 40), 'utf8'), 1, true),
    (:'a', 'google', 'default', convert_to(repeat('g', 400), 'utf8'), 2, true),
    (:'b', 'twilio', 'inbound', null, null, true);
insert into private.twilio_subaccounts (org_id, subaccount_sid, encrypted_token, key_version)
values (:'b', 'AC' || repeat('b', 32), convert_to(repeat('b', 40), 'utf8'), 1);
insert into private.oauth_flows (org_id, provider, user_id, encrypted_verifier, encrypted_code, key_version, expires_at, used_at, effect_id)
values
    (:'a', 'google', gen_random_uuid(), convert_to(repeat('v', 40), 'utf8'), null, 1, now() + interval '10 minutes', null, null),
    (:'a', 'google', gen_random_uuid(), convert_to(repeat('w', 40), 'utf8'), convert_to(repeat('c', 40), 'utf8'), 1, now() + interval '10 minutes', now(), gen_random_uuid()),
    (:'a', 'google', gen_random_uuid(), convert_to(repeat('x', 40), 'utf8'), null, 1, now() + interval '10 minutes', now(), gen_random_uuid());

-- What executors open
select is(private.sealed_config(:'a', 'twilio', 'default'), row(:'a', 'twilio', 'default', encode(convert_to(repeat('a', 40), 'utf8'), 'base64'), 1)::private.sealed_config, 'an own account''s secret is in its credentials');
select is((private.sealed_config(:'b', 'twilio', 'subaccount')).sealed, encode(convert_to(repeat('b', 40), 'utf8'), 'base64'), 'a subaccount''s beside the subaccount');
select ok((private.sealed_config(:'a', 'google', 'default')).sealed !~ '\s', 'a long one comes in one line');
select is(private.sealed_config(:'b', 'twilio', 'default'), null, 'where there is none, nothing comes');
select is(private.sealed_config(:'b', 'twilio', 'inbound'), null, 'a managed number has no secret of its own');
select is(private.sealed_config(:'a', 'twilio', 'subaccount'), null, 'and nobody has another''s subaccount');
select tests.as_user(tests.admin(:'a'));
select throws_ok(format($$select private.sealed_config(%L, 'twilio', 'default')$$, :'a'), '42501', null, 'no client asks for it');
select throws_ok($$select private.sealed_rows(2, 10)$$, '42501', null, 'nor for all of them');
select tests.as_owner();

-- What a rotation finds
select tests.as_service();
select is((select array_agg(r.table_name || ' ' || r.type order by r.table_name) from private.sealed_rows(2, 10) r), array['oauth_flows oauth_verifier', 'org_credentials default', 'twilio_subaccounts subaccount'], 'what is sealed with another key is found, but for consents that were used');
select is((select count(*) from private.sealed_rows(3, 10)), 4::bigint, 'a newer key makes all of them old');
select is((select array_agg(r.table_name) from private.sealed_rows(2, 2) r), array['oauth_flows', 'org_credentials'], 'in batches');
select is((select array_agg(n.table_name) from private.sealed_rows(2, 2) l cross join private.sealed_rows(2, 2, l.table_name, l.org_id, l.id) n where l.table_name = 'org_credentials'), array['twilio_subaccounts'], 'that go on where the last one ended');
select is((select array_agg(concat_ws(' ', c.key_version, c.resealable, c.under_way)) from private.sealed_census() c), array['1 3 1', '2 1 0'], 'the census counts by key what can be sealed anew and what is under way');

-- Sealing anew
select r.org_id, r.id, r.sealed from private.sealed_rows(2, 10) r where r.table_name = 'org_credentials' \gset old_
select private.reseal('org_credentials', :'old_org_id', :'old_id', 1, :'old_sealed', encode(convert_to(repeat('n', 40), 'utf8'), 'base64'), 2) as done \gset
select is(:'done'::boolean, true, 'what is as it was read is sealed anew');
select is(private.sealed_config(:'a', 'twilio', 'default'), row(:'a', 'twilio', 'default', encode(convert_to(repeat('n', 40), 'utf8'), 'base64'), 2)::private.sealed_config, 'and is there with its new key');
select is(private.reseal('org_credentials', :'old_org_id', :'old_id', 1, :'old_sealed', encode(convert_to(repeat('m', 40), 'utf8'), 'base64'), 2), false, 'whoever comes second changes nothing');
select is(private.reseal('org_credentials', :'b', :'old_id', 2, encode(convert_to(repeat('n', 40), 'utf8'), 'base64'), encode(convert_to(repeat('m', 40), 'utf8'), 'base64'), 3), false, 'nor does another organisation''s');
select is(private.reseal('org_credentials', :'old_org_id', :'old_id', 2, :'old_sealed', encode(convert_to(repeat('m', 40), 'utf8'), 'base64'), 3), false, 'nor who read another secret');
select is(private.reseal('twilio_subaccounts', :'b', :'b', 1, encode(convert_to(repeat('b', 40), 'utf8'), 'base64'), encode(convert_to(repeat('n', 40), 'utf8'), 'base64'), 2), true, 'a subaccount is sealed anew');
select is((select private.reseal('oauth_flows', r.org_id, r.id, 1, r.sealed, r.sealed, 2) from private.sealed_rows(2, 1) r), true, 'and a consent that is not used');
select is((select count(*) from private.sealed_rows(2, 10)), 0::bigint, 'until nothing is left');
select is((select count(*) from private.sealed_census() c where c.key_version = 1 and c.resealable = 0 and c.under_way = 1), 1::bigint, 'the old key is needed until the exchange that is under way is over');
select tests.as_owner();
select is((select array_agg(f.key_version order by f.used_at nulls first) from private.oauth_flows f where f.org_id = :'a'), array[2, 1, 1], 'a used consent is as it was');
select tests.as_service();
select throws_ok($$select private.reseal('organizations', gen_random_uuid(), gen_random_uuid(), 1, '', '', 2)$$, '20000', null, 'nothing else is touched');
select tests.as_owner();

-- A revocation and a code that is being typed hold on to their key
insert into private.effects (id, org_id, kind, priority, payload, state, run_at, created_at)
values (gen_random_uuid(), :'a', 'oauth.revoke', 100, '{"key_version": 7, "sealed": "x"}', 'ready', now(), now());
select is((select c.under_way from private.sealed_census() c where c.key_version = 7), 1::bigint, 'a token that is still to be revoked counts');

select * from finish();
rollback;
