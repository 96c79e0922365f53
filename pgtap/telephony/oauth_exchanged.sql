begin;
set local search_path = pg_catalog, extensions, pg_temp;
select plan(26);

select tests.org('Smile') as org, tests.org('Grin') as other \gset
select tests.admin(:'org') as admin, tests.admin(:'other') as stranger \gset
create function pg_temp.sealed(p_byte text) returns text language sql as $$ select replace(encode(decode(repeat(p_byte, 60), 'hex'), 'base64'), E'\n', '') $$;
-- A consent of this organisation's admin, and what came of its exchange.
create function pg_temp.consent(p_org uuid, p_outcome text, p_result jsonb, p_now timestamptz default now()) returns uuid language plpgsql as $$
declare v_flow uuid; v_verifier text := pg_temp.sealed('ab');
begin
    perform tests.as_user(tests.admin(p_org));
    v_flow := (public.start_oauth('google', v_verifier, 2) ->> 'flow_id')::uuid;
    perform tests.as_owner();
    perform private.take_oauth_code(p_org, v_flow, tests.admin(p_org), 'google', pg_temp.sealed('cd'), 2);
    perform private.oauth_exchanged(tests.carried_out(p_org, 'oauth.exchange', p_now), p_outcome, p_result);
    return v_flow;
end $$;
create function pg_temp.token(p_email text, p_byte text) returns jsonb language sql as $$
    select jsonb_build_object('connected_email', p_email, 'sealed', pg_temp.sealed(p_byte), 'key_version', 3);
$$;

-- The provider's no.
select pg_temp.consent(:'org', 'done', '{"refused": "oauth_code_refused", "said": "invalid_grant"}') as flow \gset
select is(count(*), 0::bigint, 'what the provider refuses leaves no credential') from private.org_credentials where org_id = :'org';
select is(count(*), 0::bigint, 'and no integration') from public.integrations where org_id = :'org';
select is(encrypted_code, null, 'the code is gone') from private.oauth_flows where id = :'flow';
select isnt(used_at, null, 'that it was used is remembered') from private.oauth_flows where id = :'flow';
select pg_temp.consent(:'org', o, null) from unnest(array['dead', 'refused']) as o;
select is(count(*), 0::bigint, 'what never came through leaves nothing either') from private.org_credentials where org_id = :'org';

-- Connected.
select pg_temp.consent(:'org', 'done', pg_temp.token('ada@clinic.example', '11'), now() + interval '3 seconds') as flow \gset
select is(encrypted_code, null, 'a code that was exchanged is gone') from private.oauth_flows where id = :'flow';
select results_eq(
    format($$ select type, connected_email, replace(encode(encrypted_config, 'base64'), E'\n', ''), key_version, is_active, last_verified_at
        from private.org_credentials where org_id = %L and provider = 'google' $$, :'org'),
    $$ values ('default', 'ada@clinic.example', pg_temp.sealed('11'), 3, true, now() + interval '3 seconds') $$, 'the token is kept as it was sealed');
select results_eq(
    format($$ select status, account_label, connected_at, last_error from public.integrations where org_id = %L and provider = 'google' $$, :'org'),
    $$ values ('connected', 'ada@clinic.example', now() + interval '3 seconds', null::text) $$, 'the integration says as whom and since when');
select results_eq(
    format($$ select payload from private.events where org_id = %L and kind = 'integration.changed' $$, :'org'),
    $$ values ('{"provider": "google", "status": "connected"}'::jsonb) $$, 'screens hear of it');
select id as credential from private.org_credentials where org_id = :'org' \gset
select is(count(*), 0::bigint, 'no audit row, event or finished effect holds the token') from public.audit_logs a
where a.org_id = :'org' and a::text like '%' || left(pg_temp.sealed('11'), 20) || '%';

-- Again, as the same person.
select pg_temp.consent(:'org', 'done', pg_temp.token('Ada@Clinic.example', '22')) \g /dev/null
select results_eq(
    format($$ select id <> %L, replace(encode(encrypted_config, 'base64'), E'\n', '') from private.org_credentials where org_id = %L $$, :'credential', :'org'),
    $$ values (true, pg_temp.sealed('22')) $$, 'a new consent replaces the old, as a credential of its own');
select is(count(*), 0::bigint, 'the same account''s old token is not given back: the new one would end with it') from private.effects where org_id = :'org' and kind = 'oauth.revoke';

-- Again, as somebody else.
select pg_temp.consent(:'org', 'done', pg_temp.token('bob@clinic.example', '33')) \g /dev/null
select is(account_label, 'bob@clinic.example', 'another account takes its place') from public.integrations where org_id = :'org';
select results_eq(
    format($$ select payload from private.effects where org_id = %L and kind = 'oauth.revoke' $$, :'org'),
    format($$ values (jsonb_build_object('org_id', %L, 'provider', 'google', 'type', 'default', 'sealed', pg_temp.sealed('22'), 'key_version', 3)) $$, :'org'),
    'the first one''s token is given back');
select is(count(*), 1::bigint, 'there is one credential') from private.org_credentials where org_id = :'org';
select is(count(*), 1::bigint, 'and one integration') from public.integrations where org_id = :'org';
select is(count(*), 0::bigint, 'nothing of it is another organisation''s') from private.org_credentials where org_id = :'other';

-- One account in two organisations: Google would end both.
select pg_temp.consent(:'other', 'done', pg_temp.token('BOB@clinic.example', '44')) \g /dev/null
select pg_temp.consent(:'other', 'done', pg_temp.token('eve@grin.example', '55')) \g /dev/null
select is(count(*), 0::bigint, 'a token of an account that another organisation has connected is not given back') from private.effects where org_id = :'other' and kind = 'oauth.revoke';
select is(is_active, true, 'which stays connected') from private.org_credentials where org_id = :'org';

-- A broken one is whole again.
select id as credential from private.org_credentials where org_id = :'org' \gset
select private.calendar_broken(:'org', :'credential', now());
select is(status, 'error', 'broken') from public.integrations where org_id = :'org';
select pg_temp.consent(:'org', 'done', '{"refused": "oauth_scope_missing"}') \g /dev/null
select is(status, 'error', 'a consent that fails mends nothing') from public.integrations where org_id = :'org';
select pg_temp.consent(:'org', 'done', pg_temp.token('zoe@clinic.example', '66')) \g /dev/null
select results_eq(
    format($$ select status, last_error, account_label from public.integrations where org_id = %L $$, :'org'),
    $$ values ('connected', null::text, 'zoe@clinic.example') $$, 'a new consent does');
select is(is_active, true, 'and its token is used') from private.org_credentials where org_id = :'org';
select is(count(*), 0::bigint, 'a dead token is not given back') from private.effects where org_id = :'org' and kind = 'oauth.revoke';
select throws_ok(format($$ update private.org_credentials set provider = 'vapi' where org_id = %L $$, :'org'), '23514', null, 'Vapi is never a customer''s own');
select throws_ok(format($$ update private.org_credentials set key_version = null where org_id = %L $$, :'org'), '23514', null, 'and no secret is without its key''s version');

select * from finish();
rollback;
