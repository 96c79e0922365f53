begin;
set local search_path = pg_catalog, extensions, pg_temp;
select plan(19);
insert into private.effect_kinds values
    ('test.plain', 'test', 100, 3, 10, 100, 0, 5, 30, null, true),
    ('test.saga', 'test', 100, 3, 10, 100, 0, 5, 30, 'test_saga', false);
create table private.test_log (line text);
create function private.test_saga(p_effect jsonb, p_outcome text, p_result jsonb) returns void
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
begin
    insert into private.test_log values (concat_ws(' ', p_effect ->> 'kind', p_effect ->> 'payload', p_outcome, p_result));
    if p_effect ->> 'payload' = 'fails' then
        perform 1 / 0;
    end if;
    perform private.enqueue_effect(null, 'test.plain', '"next step"');
end
$$;

select private.enqueue_effect('00000000-0000-4000-8000-000000000001', 'test.plain', '{"a": 1}') as id \gset
select lease_token as token from private.claim_effects('w', 1) \gset
select is(private.finish_effect(:'id', gen_random_uuid()), 'lost', 'a stranger''s token finishes nothing');
select is(private.finish_effect(:'id', :'token', '{"b": 2}'), 'done', 'its holder finishes it');
select is(private.finish_effect(:'id', :'token', '{"b": 3}'), 'done', 'a repeated finish answers done');
select is(private.finish_effect(:'id', gen_random_uuid()), 'lost', 'and a stranger still hears that it is lost');
select is_empty(format('select from private.effects where id = %L', :'id'), 'it is no longer among the live ones');
select results_eq(
    format('select org_id, kind, payload, outcome, result, attempts, lease_token, finished_at from private.effects_done where id = %L', :'id'),
    format($$ values ('00000000-0000-4000-8000-000000000001'::uuid, 'test.plain', '{"a": 1}'::jsonb, 'done', '{"b": 2}'::jsonb, 1, %L::uuid, now()) $$, :'token'),
    'but among the finished, once, with its first result');

-- A key's next.
select private.enqueue_effect(null, 'test.plain', to_jsonb(n), 'k', now() - n * interval '1 minute') from generate_series(1, 3) as n;
select id, lease_token as token from private.claim_effects('w', 1) \gset
select is((select count(*) from private.effects where state = 'waiting'), 2::bigint, 'two wait');
select is(private.finish_effect(:'id', :'token'), 'done', 'the first is finished');
select results_eq(
    $$ select payload::int, state, run_at from private.effects where queue_key = 'k' order by id $$,
    $$ values (2, 'ready', now()), (3, 'waiting', now() - interval '3 minutes') $$, 'the next is ready, from now on');
update private.effects set state = 'ready' where payload = '3';
select id, lease_token as token from private.claim_effects('w', 1) \gset
select is(private.finish_effect(:'id', :'token', null, now() + interval '1 second'), 'done', 'the second is finished');
select is((select run_at from private.effects where payload = '3'), now() + interval '1 second', 'one that was ready too early is due anew');
delete from private.effects;

-- The next step of a saga.
update private.effect_kinds set result_kept = false where kind = 'test.saga';
select private.enqueue_effect(null, 'test.saga', '"good"') as id \gset
select lease_token as token from private.claim_effects('w', 1) \gset
select is(private.finish_effect(:'id', :'token', '{"ok": true}'), 'done', 'an effect with a continuation');
select results_eq('select line from private.test_log', $$ values ('test.saga good done {"ok": true}') $$, 'calls it with effect, outcome and result');
select is((d.outcome, d.result)::text, '(done,)', 'which is all that becomes of a result that is not to be kept')
from private.effects_done d where d.id = :'id';
select is(k.result_kept, false, 'such as a whole report of Vapi''s') from private.effect_kinds k where k.kind = 'vapi.poll_call';
select is(private.finish_effect(:'id', :'token'), 'done', 'finishing it again');
select is((select count(*) from private.effects), 1::bigint, 'takes no second step');
delete from private.effects;

select private.enqueue_effect(null, 'test.saga', '"fails"') as id \gset
select lease_token as token from private.claim_effects('w', 1) \gset
select throws_ok(format('select private.finish_effect(%L, %L)', :'id', :'token'), '22012', null, 'a continuation that fails');
select is((select state from private.effects where id = :'id'), 'running', 'leaves the effect with its holder');
select finish();
rollback;
