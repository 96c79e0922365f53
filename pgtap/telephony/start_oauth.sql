begin;
set local search_path = pg_catalog, extensions, pg_temp;
select plan(16);

select tests.org('Smile') as org, tests.org('Grin') as other \gset
select tests.admin(:'org') as admin, tests.user(:'org', 'manager') as manager,
       tests.api_key(:'org', '{integrations:write}') as key \gset
select replace(encode(decode(repeat('ab', 60), 'hex'), 'base64'), E'\n', '') as sealed \gset

select tests.as_user(:'admin');
select public.start_oauth('google', :'sealed', 2) as flow \gset
select is(:'flow'::jsonb ->> 'org_id', :'org', 'a consent is asked for in the name of the organisation');
select is(:'flow'::jsonb ->> 'user_id', :'admin', 'and of the person');
select is((:'flow'::jsonb ->> 'expires_at')::timestamptz, now() + interval '10 minutes', 'it holds for ten minutes');
select is(:'flow'::jsonb ->> 'scopes',
    'https://www.googleapis.com/auth/calendar.events https://www.googleapis.com/auth/calendar.freebusy https://www.googleapis.com/auth/userinfo.email',
    'what Google is asked for is data');
select is(public.start_oauth('outlook', :'sealed', 2) ->> 'scopes', 'offline_access Calendars.ReadWrite User.Read', 'so is what Microsoft is asked for');
select isnt(public.start_oauth('google', :'sealed', 2) ->> 'flow_id', :'flow'::jsonb ->> 'flow_id', 'each asking is one of its own');
select tests.as_owner();
select results_eq(
    format($$ select provider, user_id, replace(encode(encrypted_verifier, 'base64'), E'\n', ''), key_version, encrypted_code, effect_id, used_at
       from private.oauth_flows where org_id = %L and id = %L $$, :'org', :'flow'::jsonb ->> 'flow_id'),
    format($$ values ('google', %L::uuid, %L::text, 2, null::bytea, null::uuid, null::timestamptz) $$, :'admin', :'sealed'), 'it is on record with its sealed verifier');
select is(count(*), 0::bigint, 'nothing is asked of anybody yet') from private.effects where org_id = :'org' and kind like 'oauth.%';

-- PKCE: there is no flow without a verifier.
select tests.as_user(:'admin');
select tests.throws_code($$ select public.start_oauth('google', null, 2) $$, 'invalid_value', 'without a verifier there is no flow');
select throws_ok($$ select public.start_oauth('google', '', 2) $$, '23514', null, 'nor with an empty one');
select throws_ok($$ select public.start_oauth('google', 'not base64!', 2) $$, '22023', null, 'nor with one that cannot be read');
select tests.as_owner();
select throws_ok(
    format($$ insert into private.oauth_flows (org_id, provider, user_id, key_version, expires_at) values (%L, 'google', %L, 1, now()) $$, :'org', :'admin'),
    '23502', null, 'nor by whatever else writes there');

select tests.as_user(:'admin');
select tests.throws_code(format($$ select public.start_oauth(%L, %L, 2) $$, p, :'sealed'), 'integration_not_found', p || ' is not connected by consent')
from unnest(array['twilio', 'vapi']) as p;
select tests.as_user(:'manager');
select tests.throws_code(format($$ select public.start_oauth('google', %L, 2) $$, :'sealed'), 'role_too_low');
select tests.as_api_key(:'key');
select tests.throws_code(format($$ select public.start_oauth('google', %L, 2) $$, :'sealed'), 'scope_missing', 'a person consents, not a key');

select * from finish();
rollback;
