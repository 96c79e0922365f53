begin;
set local search_path = pg_catalog, extensions, pg_temp;
select private.sign_in_is_local() as local \gset
\if :local
select plan(10);

select a.answer ->> 'refresh_token' as here, a.answer #>> '{claims,session_id}' as session, a.answer #>> '{user,id}' as ann
from (select private.sign_up('ann@sign-out.test', 'right password') as answer) a \gset
select private.sign_in('ann@sign-out.test', 'right password') ->> 'refresh_token' as there \gset

select is(private.signed_in_user(:'ann', :'session') ->> 'email', 'ann@sign-out.test', 'an open session knows its user');
select is(private.signed_in_user(:'ann') ->> 'email', 'ann@sign-out.test', 'a token made by the operator has no session');
select lives_ok(format('select private.sign_out(%L, %L, %L)', :'ann', :'session', 'others'), 'the others can be ended');
select is(private.refresh_session(:'there') ->> 'code', 'refresh_token_not_found', 'their tokens are dead');
select isnt(private.refresh_session(:'here') ->> 'refresh_token', null, 'this one lives');
select private.sign_in('ann@sign-out.test', 'right password') ->> 'refresh_token' as there \gset
select lives_ok(format('select private.sign_out(%L, %L, %L)', :'ann', :'session', 'local'), 'this one can be ended');
select throws_ok(format('select private.signed_in_user(%L, %L)', :'ann', :'session'), 'PT403', null, 'and knows nobody any more');
select isnt(private.refresh_session(:'there') ->> 'refresh_token', null, 'while the other one lives');
select private.sign_out(:'ann', :'session');
select is((select count(*) from private.auth_sessions where user_id = :'ann' and revoked_at is null), 0::bigint,
    'or all of them');
select throws_ok(format('select private.sign_out(%L, null, %L)', :'ann', 'some'), 'PT400', null, 'there is no other scope');
select finish();
\else
select plan(1);
select throws_ok($$ select private.sign_out(gen_random_uuid()) $$, 'PT404', null, 'where Supabase Auth stands, this refuses');
select finish();
\endif
rollback;
