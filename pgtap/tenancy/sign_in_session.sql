-- Opening, answering for and checking a session: private.sign_in_open_session, sign_in_answer and sign_in_check_session.
begin;
set local search_path = pg_catalog, extensions, pg_temp;
select private.sign_in_is_local() as local \gset
\if :local
select plan(30);

select tests.org() as org \gset
select tests.user(:'org', 'user') as member, tests.user(:'org', 'user') as stranger \gset
select tests.freeze_time('2026-03-01 12:00:00.75+00') as now \gset
select email from auth.users where id = :'member' \gset

-- private.sign_in_open_session
select private.sign_in_open_session(:'member', '10.9.2.1', repeat('u', 600), :'now') as answer \gset
select :'answer'::jsonb #>> '{claims,session_id}' as session, :'answer'::jsonb ->> 'refresh_token' as token \gset
select results_eq(
    format('select user_id, host(ip), user_agent, created_at, refreshed_at, ends_at, revoked_at from private.auth_sessions where id = %L', :'session'),
    format($$ values (%L::uuid, '10.9.2.1', repeat('u', 500), %2$L::timestamptz, %2$L::timestamptz, timestamptz '2026-03-31 12:00:00.75+00', null::timestamptz) $$, :'member', :'now'),
    'a session is opened, and ends after thirty days');
select matches(:'token'::text, '^[A-Za-z0-9_-]{43}$', 'its refresh token is 32 random bytes');
select results_eq(
    format('select token_hash, created_at, rotated_at from private.refresh_tokens where session_id = %L', :'session'),
    format($$ values (sha256(convert_to(%L, 'UTF8')), %L::timestamptz, null::timestamptz) $$, :'token', :'now'),
    'of which the hash alone is kept');
select results_eq(
    format('select last_sign_in_at, updated_at from auth.users where id = %L', :'member'),
    format('values (%1$L::timestamptz, %1$L::timestamptz)', :'now'), 'the account remembers when');
select is((select last_login from public.profiles where id = :'member'), :'now'::timestamptz, 'and so does the profile');
select is((select last_sign_in_at from auth.users where id = :'stranger'), null, 'nobody else''s');
select private.sign_in_open_session(:'member', null, null, :'now'::timestamptz + interval '1 hour') as second \gset
select :'second'::jsonb #>> '{claims,session_id}' as second_session \gset
select isnt(:'second'::jsonb ->> 'refresh_token', :'token'::text, 'a second sign-in has a token of its own');
select is(
    (select count(distinct successor_key) from private.auth_sessions where user_id = :'member'), 2::bigint, 'a session and a key of its own');
select is((select revoked_at from private.auth_sessions where id = :'session'), null, 'and ends no other');
select is(private.refresh_session(:'token', p_now => :'now') #>> '{claims,session_id}', :'session'::text, 'the token can be changed for the next');

-- private.sign_in_answer
select is(
    private.sign_in_answer(:'member', :'session', 'the token', :'now') -> 'claims',
    jsonb_build_object(
        'sub', :'member', 'aud', 'authenticated', 'role', 'authenticated', 'email', :'email', 'phone', '', 'session_id', :'session',
        'app_metadata', jsonb_build_object('provider', 'email', 'providers', jsonb_build_array('email'), 'org_id', :'org'),
        'user_metadata', jsonb_build_object('full_name', 'User'), 'aal', 'aal1', 'is_anonymous', false,
        'amr', jsonb_build_array(jsonb_build_object('method', 'password', 'timestamp', 1772366400)),
        'iat', 1772366400, 'exp', 1772370000),
    'the claims are those of Supabase, for an hour, in whole seconds');
select is(
    private.sign_in_answer(:'member', :'session', 'the token', :'now') - 'claims',
    jsonb_build_object('expires_in', 3600, 'refresh_token', 'the token', 'user', private.sign_in_user(:'member')),
    'with the refresh token and the user');
select results_eq(
    format($$ select (a -> 'iat')::bigint, a #> '{amr,0,timestamp}' from (
        select private.sign_in_answer(%L, %L, 't', %L::timestamptz + interval '1 day') -> 'claims') as c (a) $$, :'member', :'session', :'now'),
    $$ values (1772452800::bigint, '1772366400'::jsonb) $$, 'a refreshed token says when the password was given');
update private.directory set org_id = '00000000-0000-4000-8000-000000000001' where kind = 'user' and key = :'member';
select private.stamp_org(:'member', '00000000-0000-4000-8000-000000000001');
select is(
    private.sign_in_answer(:'member', :'session', 't', :'now') #>> '{claims,app_metadata,org_id}', '00000000-0000-4000-8000-000000000001',
    'and the organisation of this moment');
select is(private.sign_in_answer(:'stranger', :'session', 't', :'now'), null, 'no session answers for someone else');
select is(private.sign_in_answer(:'member', gen_random_uuid(), 't', :'now'), null, 'nor one that is not there');

-- private.sign_in_check_session
create function pg_temp.checks(p_user uuid, p_session uuid, p_later interval default '0') returns text language sql as $$
    select format('select private.sign_in_check_session(%L, %L, %L)', p_user, p_session, tests.now() + p_later);
$$;
select lives_ok(pg_temp.checks(:'member', :'session'), 'an open session is good');
select lives_ok(pg_temp.checks(:'member', null), 'so is a token without one');
select lives_ok(pg_temp.checks(:'member', :'session', '30 days -1 microseconds'), 'to the last moment');
select tests.throws_code(pg_temp.checks(:'member', :'session', '30 days'), 'session_not_found', 'then it has ended');
select tests.throws_code(pg_temp.checks(:'stranger', :'session'), 'session_not_found', 'somebody else''s is none');
select tests.throws_code(pg_temp.checks(:'member', gen_random_uuid()), 'session_not_found', 'nor is one that never was');
update private.auth_sessions set revoked_at = :'now', revoked_because = 'signed_out' where id = :'session';
select tests.throws_code(pg_temp.checks(:'member', :'session'), 'session_not_found', 'nor one that was ended');
select lives_ok(pg_temp.checks(:'member', :'second_session'), 'another one of the same user goes on');
select tests.throws_code(pg_temp.checks(gen_random_uuid(), :'second_session'), 'user_not_found', 'without an account there is no session');
select tests.throws_code(pg_temp.checks(null, null), 'user_not_found', 'nor without a user');
update auth.users set deleted_at = now() where id = :'member';
select tests.throws_code(pg_temp.checks(:'member', :'second_session'), 'user_not_found', 'an account that was deleted has none');
select tests.throws_code(pg_temp.checks(:'member', null), 'user_not_found', 'whatever the token says');
delete from auth.users where id = :'member';
select is_empty(format('select from private.auth_sessions where user_id = %L', :'member'), 'sessions go with their account');
select tests.as_service();
select throws_ok(
    format('select private.sign_in_open_session(%L, null, null)', :'stranger'), '42501', null, 'nobody opens a session past the password');
select finish();
\else
select plan(1);
select tests.throws_code(
    'select private.sign_in_check_session(gen_random_uuid(), null)', 'sign_in_elsewhere', 'where Supabase Auth stands, this refuses');
select finish();
\endif
rollback;
