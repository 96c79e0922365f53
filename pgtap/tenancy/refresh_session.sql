begin;
set local search_path = pg_catalog, extensions, pg_temp;
select private.sign_in_is_local() as local \gset
\if :local
select plan(14);

select a.answer ->> 'refresh_token' as first, a.answer #>> '{claims,session_id}' as session, a.answer #>> '{user,id}' as ann
from (select private.sign_up('ann@refresh.test', 'right password') as answer) a \gset

select private.refresh_session(:'first') as answer \gset
select :'answer'::jsonb ->> 'refresh_token' as second \gset
select isnt(:'second'::text, :'first'::text, 'a refresh gives another token');
select is(:'answer'::jsonb #>> '{claims,session_id}', :'session', 'of the same session');
select is(
    private.refresh_session(:'first', null, null, now() + interval '9 seconds') ->> 'refresh_token', :'second',
    'a second tab asking at the same time is given the same one');
select private.refresh_session(:'second', null, null, now() + interval '2 seconds') ->> 'refresh_token' as third \gset
select is(
    private.refresh_session(:'first', null, null, now() + interval '3 seconds') ->> 'refresh_token', :'third',
    'even when the first tab has refreshed again meanwhile');
select is((select count(*) from private.refresh_tokens where session_id = :'session' and rotated_at is null), 1::bigint,
    'one token of a session is good at a time');
select is(
    private.refresh_session(:'first', null, null, now() + interval '11 seconds') ->> 'code', 'refresh_token_already_used',
    'a rotated token that comes back later is refused');
select is(current_setting('response.status'), '400', 'as a refusal that commits');
select is(
    private.refresh_session(:'third', null, null, now() + interval '12 seconds') ->> 'code', 'refresh_token_already_used',
    'and takes the whole family with it');
select is((select revoked_because from private.auth_sessions where id = :'session'), 'token_reused', 'which is on record');

select is(private.refresh_session('made up') ->> 'code', 'refresh_token_not_found', 'a made-up token is unknown');
select throws_ok($$ select private.refresh_session('') $$, 'PT400', null, 'no token is no request');

select private.sign_in('ann@refresh.test', 'right password') ->> 'refresh_token' as other \gset
select is(
    private.refresh_session(:'other', null, null, now() + interval '31 days') ->> 'code', 'session_expired',
    'a session nobody refreshed ends');
update auth.users set banned_until = now() + interval '1 day' where id = :'ann';
select is(private.refresh_session(:'other') ->> 'code', 'user_banned', 'a blocked account is not refreshed');
update auth.users set banned_until = null, raw_app_meta_data = raw_app_meta_data || '{"plan": "x"}' where id = :'ann';
select is(
    private.refresh_session(:'other') #>> '{claims,app_metadata,plan}', 'x', 'a refresh sees what changed in the account');
select finish();
\else
select plan(1);
select throws_ok($$ select private.refresh_session('x') $$, 'PT404', null, 'where Supabase Auth stands, this refuses');
select finish();
\endif
rollback;
