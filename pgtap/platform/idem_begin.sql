begin;
set local search_path = pg_catalog, extensions, pg_temp;
select plan(27);

create sequence pg_temp.runs;
grant usage on sequence pg_temp.runs to public;
create function pg_temp.act(p_body text) returns json language plpgsql as $$
begin
    perform nextval('pg_temp.runs');
    return json_build_object('body', p_body, 'run', currval('pg_temp.runs'));
end $$;
create function pg_temp.refuse() returns text language plpgsql as $$
begin
    perform nextval('pg_temp.runs');
    perform set_config('response.status', '422', true);
    return '{"code": "invalid_value"}';
end $$;
-- As the server sends it.
create function pg_temp.request(p_key text, p_route text, p_hash text, p_now timestamptz default now()) returns text
language plpgsql as $$
declare v_body text;
begin
    perform set_config('response.status', '', true), set_config('response.headers', '', true);
    select private.idem_end(k.key, case when k.hit then k.body else pg_temp.act(p_hash)::text end, p_now) into v_body
    from private.idem_begin(p_key, p_route, p_hash, p_now) as k;
    return v_body;
end $$;
grant execute on function pg_temp.act(text), pg_temp.refuse(), pg_temp.request(text, text, text, timestamptz) to public;

select tests.freeze_time('2026-03-01 23:00+00');
select tests.org('Smile') as org, tests.org('Other') as other \gset
select tests.admin(:'org') as ann, tests.admin(:'other') as bea, tests.user(:'org') as cid,
       tests.api_key(:'org', array['members:write']) as key \gset
select tests.as_user(:'ann');
select pg_temp.request('k', 'POST /api/members', 'one', tests.now()) as first \gset
select is(:'first'::text, '{"body" : "one", "run" : 1}', 'the first request runs');
select is(current_setting('response.headers'), '', 'and is no replay');
select is(pg_temp.request('k', 'POST /api/members', 'one', tests.now()), :'first', 'the second gets its answer');
select is(current_setting('response.headers'), '[{"Idempotent-Replayed": "true"}]', 'which says that it is one');
select is(current_setting('response.status'), '', 'a replayed 200 needs no status');
select tests.throws_code(
    $$ select pg_temp.request('k', 'POST /api/members', 'two', tests.now()) $$, 'idempotency_key_reused', 'another body is refused');
select is(
    pg_temp.request('k', 'POST /api/api-keys', 'one', tests.now()), '{"body" : "one", "run" : 2}', 'another route is another request');
select is(
    pg_temp.request('K', 'POST /api/members', 'one', tests.now()), '{"body" : "one", "run" : 3}', 'so is another key');

select tests.as_owner();
select is(
    (select count(*) from private.idempotency_keys where strpos(encode(body, 'escape'), 'one') > 0), 0::bigint,
    'who reads the table reads no answers');

select tests.as_user(:'bea');
select is(
    pg_temp.request('k', 'POST /api/members', 'two', tests.now()), '{"body" : "two", "run" : 4}',
    'another organisation''s key says nothing to us');
select tests.as_user(:'cid');
select is(pg_temp.request('k', 'POST /api/members', 'three', tests.now()), '{"body" : "three", "run" : 5}', 'nor a colleague''s');
select tests.as_api_key(:'key');
select is(pg_temp.request('k', 'POST /api/members', 'four', tests.now()), '{"body" : "four", "run" : 6}', 'nor an API key''s');
select tests.as_service();
select is(pg_temp.request('k', 'POST /api/members', 'five', tests.now()), '{"body" : "five", "run" : 7}', 'nor the operator''s');

select tests.as_user(:'ann');
select is(
    pg_temp.request('k', 'POST /api/members', 'one', tests.now() + interval '23 hours 59 minutes'), :'first',
    'an answer lives a day, across midnight');
select is(
    pg_temp.request('k', 'POST /api/members', 'two', tests.now() + interval '24 hours'), '{"body" : "two", "run" : 8}',
    'and no longer');
select is(
    pg_temp.request('k', 'POST /api/members', 'two', tests.now() + interval '24 hours'), '{"body" : "two", "run" : 8}',
    'its successor is kept in turn');
select is(
    pg_temp.request('k', 'POST /api/members', 'three', tests.now() + interval '72 hours'), '{"body" : "three", "run" : 9}',
    'where a slot was not emptied in time the old answer gives way');
select is(
    pg_temp.request('k', 'POST /api/members', 'three', tests.now() + interval '72 hours'), '{"body" : "three", "run" : 9}',
    'to the new one');

select set_config('response.status', '', true);
select private.idem_end(k.key, case when k.hit then k.body else pg_temp.refuse() end)
from private.idem_begin('refused', 'POST /x', 'h') as k;
select is((select hit from private.idem_begin('refused', 'POST /x', 'h')), false, 'a refusal is not kept');
select set_config('response.status', '202', true);
select private.idem_end(k.key, 'null') from private.idem_begin('accepted', 'POST /x', 'h') as k;
select set_config('response.status', '', true);
select private.idem_end(k.key, k.body) from private.idem_begin('accepted', 'POST /x', 'h') as k;
select is(current_setting('response.status'), '202', 'a status of its own is replayed');
select set_config('response.status', '', true);
select private.idem_end(k.key, null) from private.idem_begin('void', 'POST /x', 'h') as k;
select is((select hit from private.idem_begin('void', 'POST /x', 'h')), true, 'an empty answer is an answer');

select tests.throws_code($$ select * from private.idem_begin('', 'POST /x', 'h') $$, 'idempotency_key_invalid');
select tests.throws_code($$ select * from private.idem_begin(repeat('k', 256), 'POST /x', 'h') $$, 'idempotency_key_invalid');
select tests.throws_code($$ select * from private.idem_begin(E'a\nb', 'POST /x', 'h') $$, 'idempotency_key_invalid');
select tests.as_claims('{"role": "authenticated"}');
select tests.throws_code($$ select * from private.idem_begin('k', 'POST /x', 'h') $$, 'not_signed_in');
select tests.as_anon();
select throws_ok($$ select * from private.idem_begin('k', 'POST /x', 'h') $$, '42501', null, 'nobody in particular has no keys');
select tests.as_user(:'ann');
select throws_ok($$ select * from private.idempotency_keys $$, '42501', null, 'and nobody reads the answers');

select * from finish();
rollback;
