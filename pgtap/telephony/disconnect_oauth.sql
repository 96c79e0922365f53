begin;
set local search_path = pg_catalog, extensions, pg_temp;
select plan(17);

select tests.org('Smile') as org, tests.org('Grin') as other \gset
select tests.admin(:'org') as admin, tests.admin(:'other') as stranger, tests.user(:'org', 'manager') as manager,
       tests.api_key(:'org', '{integrations:write}') as key, tests.api_key(:'org', '{integrations:read}') as reader \gset
create function pg_temp.connected(p_org uuid, p_provider text) returns void language sql as $$
    select private.connect_calendar(p_org, p_provider, p_org || '@clinic.example', decode(repeat('ab', 60), 'hex'), 3, now());
$$;
select pg_temp.connected(:'org', 'google'), pg_temp.connected(:'org', 'outlook'), pg_temp.connected(:'other', 'google');

select tests.as_user(:'manager');
select tests.throws_code($$ select public.disconnect_oauth('google') $$, 'role_too_low');
select tests.as_api_key(:'reader');
select tests.throws_code($$ select public.disconnect_oauth('google') $$, 'scope_missing');
select tests.as_user(:'admin');
select results_eq(
    $$ select * from public.disconnect_oauth('google') $$,
    $$ values ('google', 'disconnected', null::text, null::text, null::timestamptz, false, now(), null::text) $$, 'a calendar is disconnected');
select tests.throws_code($$ select public.disconnect_oauth('google') $$, 'integration_not_found', 'once');
select tests.as_owner();
select is(count(*), 0::bigint, 'its credential is gone') from private.org_credentials where org_id = :'org' and provider = 'google';
select results_eq(
    format($$ select status, account_label, connected_at from public.integrations where org_id = %L and provider = 'google' $$, :'org'),
    $$ values ('disconnected', null::text, null::timestamptz) $$, 'the integration says so, and no longer as whom');
select results_eq(
    format($$ select payload ->> 'provider', payload ->> 'sealed', payload ->> 'type' from private.effects where org_id = %L and kind = 'oauth.revoke' $$, :'org'),
    $$ values ('google', replace(encode(decode(repeat('ab', 60), 'hex'), 'base64'), E'\n', ''), 'default') $$, 'its token is given back, sealed as it was');
select is(count(*), 1::bigint, 'screens hear of it') from private.events where org_id = :'org' and payload @> '{"provider": "google", "status": "disconnected"}';
select is(actor_id, :'admin', 'and the audit knows who did it') from public.audit_logs
where org_id = :'org' and table_name = 'integrations' and after ->> 'status' = 'disconnected';
select is(count(*), 1::bigint, 'the other calendar stays') from private.org_credentials where org_id = :'org' and provider = 'outlook';
select is(count(*), 1::bigint, 'so does another organisation''s') from private.org_credentials where org_id = :'other';

select tests.as_user(:'admin');
select tests.throws_code(format('select public.disconnect_oauth(%L)', p), 'integration_not_found', p || ' is not disconnected here')
from unnest(array['twilio', 'vapi', 'nobody']) as p;
select tests.as_owner();
insert into private.org_credentials (org_id, provider, type, encrypted_config, key_version) values (:'org', 'twilio', 'default', decode(repeat('ab', 60), 'hex'), 1);
select tests.as_user(:'admin');
select tests.throws_code($$ select public.disconnect_oauth('twilio') $$, 'integration_not_found', 'not even when it is there');

-- A token that is dead is not given back.
select tests.as_owner();
select private.calendar_broken(:'org', id, now()) from private.org_credentials where org_id = :'org' and provider = 'outlook';
select tests.as_api_key(:'key');
select is((public.disconnect_oauth('outlook')).status, 'disconnected', 'a key may, with its scope');
select tests.as_owner();
select is(count(*), 1::bigint, 'nobody is asked to end what has ended') from private.effects where org_id = :'org' and kind = 'oauth.revoke';

select * from finish();
rollback;
