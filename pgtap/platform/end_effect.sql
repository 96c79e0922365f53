begin;
set local search_path = pg_catalog, extensions, pg_temp;
select plan(24);
insert into private.effect_kinds values
    ('test.plain', 'test', 100, 3, 10, 100, 0, 5, 30, null, true),
    ('test.saga', 'test', 100, 3, 10, 100, 0, 5, 30, 'test_saga', false);
create table private.test_log (line text);
create function private.test_saga(p_effect jsonb, p_outcome text, p_result jsonb) returns void
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
begin
    insert into private.test_log values (concat_ws(
        ' ', p_effect ->> 'payload', p_outcome, p_result, p_effect ->> 'last_error',
        case when exists (select from private.effects e where e.id = (p_effect ->> 'id')::uuid) then 'still there' end));
    if p_effect ->> 'payload' = 'fails' then
        raise exception 'no step';
    elsif p_effect ->> 'payload' = 'in the way' then
        raise exception 'again' using errcode = 'deadlock_detected';
    end if;
end
$$;
create function pg_temp.running(p_payload text, p_kind text default 'test.saga') returns uuid language plpgsql as $$
declare v_id constant uuid := private.enqueue_effect(null, p_kind, to_jsonb(p_payload));
begin
    perform private.lease_effects(array[v_id], 'w', now());
    return v_id;
end $$;
create function pg_temp.ends(p_id uuid, p_outcome text, p_result jsonb default null, p_error text default null)
returns void language sql as $$
    select private.end_effect(e, p_outcome, p_result, p_error, now()) from private.effects e where e.id = p_id;
$$;

-- The continuation, and what is left.
select pg_temp.running('good') as id \gset
select lease_token as token from private.effects where id = :'id' \gset
select pg_temp.ends(:'id', 'done', '{"ok": true}', 'once late');
select results_eq(
    'select line from private.test_log', $$ values ('good done {"ok": true} once late still there') $$,
    'the continuation comes first, while the effect is still there, with outcome, result and error');
select is_empty(format('select from private.effects where id = %L', :'id'), 'then the effect goes');
select results_eq(
    format('select kind, payload, outcome, result, last_error, attempts, lease_token, finished_at from private.effects_done where id = %L', :'id'),
    format($$ values ('test.saga', '"good"'::jsonb, 'done', '{"ok": true}'::jsonb, 'once late', 1, %L::uuid, now()) $$, :'token'),
    'and is kept with what came of it');
delete from private.test_log;

-- An effect that is no longer as the caller saw it.
select pg_temp.running('seen') as id \gset
create temp table seen as select e as effect, false as ready from private.effects e where e.id = :'id';
insert into seen select jsonb_populate_record(effect, '{"state": "ready"}'), true from seen;
select throws_ok(
    $$ select private.end_effect(effect, 'done', null, null, now()) from seen where ready $$,
    '40001', null, 'one that was started since cannot be ended as it was');
update private.effects set lease_token = gen_random_uuid() where id = :'id';
select throws_ok(
    $$ select private.end_effect(effect, 'done', null, null, now()) from seen where not ready $$,
    '40001', null, 'nor one that someone else holds now');
select is_empty('select from private.test_log', 'what the continuation did is undone');
select is_empty(format('select from private.effects_done where id = %L', :'id'), 'and nothing is finished');
select is((select state from private.effects where id = :'id'), 'running', 'the effect stays with its holder');
delete from private.effects where id = :'id';
select throws_ok(
    $$ select private.end_effect(effect, 'done', null, null, now()) from seen where not ready $$,
    '40001', null, 'nor one that is gone');

-- A continuation that fails.
select pg_temp.running('fails') as id \gset
select throws_ok(format($$ select pg_temp.ends(%L, 'done') $$, :'id'), 'P0001', 'no step', 'a step that fails leaves nothing done');
select throws_ok(format($$ select pg_temp.ends(%L, 'refused') $$, :'id'), 'P0001', 'no step', 'nor refused');
select is((select state from private.effects where id = :'id'), 'running', 'so that it is tried again');
select lives_ok(format($$ select pg_temp.ends(%L, 'dead', null, 'no answer') $$, :'id'), 'but a dead letter stays dead');
select results_eq(
    format('select outcome, last_error from private.effects_done where id = %L', :'id'),
    $$ values ('dead', 'no answer; test_saga: no step') $$, 'with both errors on record');
select is_empty('select from private.test_log', 'and nothing of the step that failed');
select pg_temp.running('in the way') as id \gset
select throws_ok(
    format($$ select pg_temp.ends(%L, 'dead', null, 'no answer') $$, :'id'), '40P01', 'again',
    'a step that was only in another''s way is tried again, even for a dead letter');

-- Cancelled: whoever cancels knows.
select private.enqueue_effect(null, 'test.saga', '"cancelled"') as id \gset
select pg_temp.ends(:'id', 'cancelled');
select is((select outcome from private.effects_done where id = :'id'), 'cancelled', 'what is cancelled is on record');
select is_empty('select from private.test_log', 'and no continuation is called');

-- The next of a key.
select private.enqueue_effect(null, 'test.plain', to_jsonb(n), 'k', now() - n * interval '1 minute') from generate_series(1, 4) as n;
select private.enqueue_effect(null, 'test.plain', '9', 'l') from generate_series(1, 2);
create function pg_temp.of_key() returns text language sql as $$
    select string_agg(concat_ws(' ', e.payload, e.state, extract(epoch from e.run_at - now())::integer), ', ' order by e.id)
    from private.effects e where e.queue_key = 'k';
$$;
select pg_temp.ends(id, 'cancelled') from private.effects where payload = '3';
select is(
    pg_temp.of_key(), '1 ready -60, 2 waiting -120, 4 waiting -240', 'one that waited lets nobody pass');
select pg_temp.ends(id, 'cancelled') from private.effects where payload = '1';
select is(pg_temp.of_key(), '2 ready 0, 4 waiting -240', 'the first lets the next pass, due from now on');
update private.effects set run_at = now() - interval '5 minutes' where payload = '2';
update private.effects set state = 'ready' where payload = '4';
select pg_temp.ends(id, 'cancelled') from private.effects where payload = '2';
select is(pg_temp.of_key(), '4 ready 0', 'one that was ready too early is due anew');
select private.enqueue_effect(null, 'test.plain', '5', 'k', now() + interval '1 hour');
select pg_temp.ends(id, 'cancelled') from private.effects where payload = '4';
select is(pg_temp.of_key(), '5 ready 3600', 'one that is for later stays for later');
select is(
    (select string_agg(state, ' ' order by id) from private.effects where queue_key = 'l'), 'ready waiting',
    'other keys are not touched');
select tests.as_service();
select throws_ok(
    $$ select private.end_effect(null, 'done', null, null, now()) $$, '42501', null, 'nobody ends an effect without its lease');
select finish();
rollback;
