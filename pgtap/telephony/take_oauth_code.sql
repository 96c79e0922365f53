begin;
set local search_path = pg_catalog, extensions, pg_temp;
select plan(27);

select tests.org('Smile') as org, tests.org('Grin') as other \gset
select tests.admin(:'org') as admin, tests.user(:'org', 'admin') as second, tests.admin(:'other') as stranger \gset
select replace(encode(decode(repeat('ab', 60), 'hex'), 'base64'), E'\n', '') as verifier,
       replace(encode(decode(repeat('cd', 70), 'hex'), 'base64'), E'\n', '') as code \gset
create function pg_temp.flow(p_user uuid, p_provider text default 'google') returns uuid language plpgsql as $$
declare v_flow uuid;
begin
    perform tests.as_user(p_user);
    v_flow := (public.start_oauth(p_provider, replace(encode(decode(repeat('ab', 60), 'hex'), 'base64'), E'\n', ''), 2) ->> 'flow_id')::uuid;
    perform tests.as_owner();
    return v_flow;
end $$;
create function pg_temp.take(p_org uuid, p_flow uuid, p_user uuid, p_provider text default 'google', p_version integer default 2, p_now timestamptz default now())
returns uuid language plpgsql as $$
begin
    return private.take_oauth_code(p_org, p_flow, p_user, p_provider, replace(encode(decode(repeat('cd', 70), 'hex'), 'base64'), E'\n', ''), p_version, p_now);
end $$;
create function pg_temp.refused(p_call text, p_code text, p_about text) returns text language sql as $$
    select tests.throws_code('select pg_temp.take(' || p_call || ')', p_code, p_about);
$$;

select pg_temp.flow(:'admin') as flow \gset
select is_empty(format('select * from private.oauth_flow_secrets(%L, %L)', :'org', :'flow'), 'while no code came there is nothing to exchange');

-- What the state names must be one flow of one person of one organisation at one provider.
select pg_temp.refused(format('%L, %L, %L', :'org', gen_random_uuid(), :'admin'), 'oauth_state_invalid', 'a flow that is not there');
select pg_temp.refused(format('%L, %L, %L', :'other', :'flow', :'stranger'), 'oauth_state_invalid', 'another organisation''s flow');
select pg_temp.refused(format('%L, %L, %L', :'org', :'flow', :'second'), 'oauth_state_invalid', 'another person''s flow');
select pg_temp.refused(format('%L, %L, %L, %L', :'org', :'flow', :'admin', 'outlook'), 'oauth_state_invalid', 'another provider''s flow');
select pg_temp.refused(format('%L, %L, %L, %L, 3', :'org', :'flow', :'admin', 'google'), 'oauth_expired', 'a flow from before the keys were rotated');
select pg_temp.refused(format('%L, %L, %L, %L, 2, now() + interval ''10 minutes''', :'org', :'flow', :'admin', 'google'), 'oauth_expired', 'a flow that is ten minutes old');
update public.organizations set suspended_at = now() where id = :'org';
select pg_temp.refused(format('%L, %L, %L', :'org', :'flow', :'admin'), 'account_suspended', 'a suspended organisation');
update public.organizations set suspended_at = null where id = :'org';
update public.profiles set role = 'manager' where org_id = :'org' and id = :'admin';
select pg_temp.refused(format('%L, %L, %L', :'org', :'flow', :'admin'), 'role_too_low', 'who asked is no admin any more');
update public.profiles set role = 'admin', status = 'inactive' where org_id = :'org' and id = :'admin';
select pg_temp.refused(format('%L, %L, %L', :'org', :'flow', :'admin'), 'role_too_low', 'or no member');
update public.profiles set status = 'active' where org_id = :'org' and id = :'admin';
select results_eq(
    format($$ select encrypted_code is null, effect_id is null, used_at is null from private.oauth_flows where id = %L $$, :'flow'), $$ values (true, true, true) $$,
    'whatever was refused left nothing');
select is(count(*), 0::bigint, 'and nothing to do') from private.effects where org_id in (:'org', :'other') and kind like 'oauth.%';

select throws_ok(format($$ select private.take_oauth_code(%L, %L, %L, 'google', '', 2) $$, :'org', :'flow', :'admin'), '23514', null, 'an empty code is none');

-- The code is taken once.
select pg_temp.take(:'org', :'flow', :'admin') as effect \gset
select results_eq(
    format($$ select kind, payload from private.effects where id = %L $$, :'effect'),
    format($$ values ('oauth.exchange', jsonb_build_object('org_id', %L, 'provider', 'google', 'flow_id', %L,
        'scopes', (select scopes from private.oauth_providers where provider = 'google'))) $$, :'org', :'flow'), 'its exchange is on record, and no secret in it');
select results_eq(
    format('select * from private.oauth_flow_secrets(%L, %L)', :'org', :'flow'),
    format($$ values ('google', %L, %L, 2) $$, :'verifier', :'code'), 'what the exchange needs is there, sealed');
select is_empty(format('select * from private.oauth_flow_secrets(%L, %L)', :'other', :'flow'), 'not in another organisation''s name');
select pg_temp.refused(format('%L, %L, %L', :'org', :'flow', :'admin'), 'oauth_code_reused', 'a flow that was used');
select pg_temp.refused(format('%L, %L, %L, %L, 2, now() + interval ''1 hour''', :'org', :'flow', :'admin', 'google'), 'oauth_code_reused', 'also when it is over');
select is(count(*), 1::bigint, 'it is exchanged once') from private.effects where org_id = :'org' and kind = 'oauth.exchange';
select lives_ok(format($$ select pg_temp.take(%L, %L, %L, 'outlook') $$, :'org', pg_temp.flow(:'second', 'outlook'), :'second'), 'another admin connects the other calendar');

-- A revocation that waits would end the new consent too.
select private.enqueue_effect(:'org', 'oauth.revoke', '{}', format('oauth.revoke:%s:google', :'org'), now() + interval '1 minute') as waiting,
       private.enqueue_effect(:'org', 'oauth.revoke', '{}', format('oauth.revoke:%s:outlook', :'org'), now() + interval '1 minute') as elsewhere,
       private.enqueue_effect(:'other', 'oauth.revoke', '{}', format('oauth.revoke:%s:google', :'other'), now() + interval '1 minute') as theirs \gset
select lives_ok(format($$ select pg_temp.take(%L, %L, %L) $$, :'org', pg_temp.flow(:'admin'), :'admin'), 'it is connected again');
select is(outcome, 'cancelled', 'a revocation that waited is called off') from private.effects_done where id = :'waiting';
select is(count(*), 2::bigint, 'the other provider''s is not, nor another organisation''s') from private.effects where id in (:'elsewhere', :'theirs');

select tests.as_user(:'admin');
select throws_ok(format('select private.oauth_flow_secrets(%L, %L)', :'org', :'flow'), '42501', null, 'no client sees a flow''s secrets');
select throws_ok('select * from private.oauth_flows', '42501', null, 'nor the flows');
select throws_ok('select * from private.org_credentials', '42501', null, 'nor the credentials');
select throws_ok(format($$ select private.take_oauth_code(%L, %L, %L, 'google', 'YQ==', 2) $$, :'org', :'flow', :'admin'), '42501', null, 'nor takes a code by itself');

select * from finish();
rollback;
