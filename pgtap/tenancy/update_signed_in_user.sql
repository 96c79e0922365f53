begin;
set local search_path = pg_catalog, extensions, pg_temp;
select private.sign_in_is_local() as local \gset
\if :local
select plan(12);

select a.answer #>> '{claims,session_id}' as session, a.answer #>> '{user,id}' as ann, a.answer #> '{user,app_metadata}' as app
from (select private.sign_up('ann@update.test', 'right password', '{"a": 1, "b": 2}') as answer) a \gset
select private.sign_in('ann@update.test', 'right password') ->> 'refresh_token' as there \gset

select is(
    private.update_signed_in_user(:'ann', :'session', p_data => '{"b": null, "c": 3}') -> 'user_metadata', '{"a": 1, "c": 3}'::jsonb,
    'metadata is merged, null removes');
select is(
    private.update_signed_in_user(:'ann', :'session', p_data => '{"org_id": "x"}') -> 'app_metadata', :'app'::jsonb,
    'app_metadata is out of reach');
select throws_ok(
    format('select private.update_signed_in_user(%L, %L, p_data => %L)', :'ann', :'session', '[1]'), 'PT422', null,
    'metadata is an object');
select throws_ok(
    format('select private.update_signed_in_user(%L, %L, p_data => jsonb_build_object(%L, repeat(%L, 20000)))',
           :'ann', :'session', 'k', 'v'), 'PT422', null, 'of a bearable size');
select throws_ok(
    format('select private.update_signed_in_user(%L, %L, p_email => %L)', :'ann', :'session', 'other@update.test'), 'PT422', null,
    'the email stays');
select lives_ok(
    format('select private.update_signed_in_user(%L, %L, p_email => %L)', :'ann', :'session', 'ANN@update.test'),
    'naming the one there is changes nothing');
select throws_ok(
    format('select private.update_signed_in_user(%L, %L, %L)', :'ann', :'session', 'right password'), 'PT422', null,
    'the same password is no new one');
select throws_ok(
    format('select private.update_signed_in_user(%L, %L, %L)', :'ann', :'session', 'short'), 'PT422', null,
    'nor is a weak one');
select lives_ok(
    format('select private.update_signed_in_user(%L, %L, %L)', :'ann', :'session', 'other password'), 'a good one is taken');
select is(private.refresh_session(:'there') ->> 'code', 'refresh_token_not_found', 'and ends the other sessions');
select is(private.signed_in_user(:'ann', :'session') ->> 'id', :'ann', 'not this one');
select isnt(private.sign_in('ann@update.test', 'other password') ->> 'refresh_token', null, 'it lets in from now on');
select finish();
\else
select plan(1);
select throws_ok($$ select private.update_signed_in_user(gen_random_uuid()) $$, 'PT404', null, 'where Supabase Auth stands, this refuses');
select finish();
\endif
rollback;
