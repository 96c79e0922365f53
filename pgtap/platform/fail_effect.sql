begin;
set local search_path = pg_catalog, extensions, pg_temp;
select plan(24);
insert into private.effect_kinds values
    ('test.plain', 'test', 100, 3, 10, 100, 0, 5, 30, null, true),
    ('test.saga', 'test', 100, 3, 10, 100, 0, 5, 30, 'test_saga', false);
create function private.test_saga(p_effect jsonb, p_outcome text, p_result jsonb) returns void
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
begin
    perform private.enqueue_effect(null, 'test.plain', jsonb_build_object('compensates', p_outcome, 'why', p_effect ->> 'last_error'));
    if p_effect ->> 'payload' = 'fails' then
        perform 1 / 0;
    end if;
end
$$;
create function pg_temp.try(p_id uuid, p_error text, p_verdict text default 'retry', p_after interval default null) returns text
language plpgsql as $$
declare
    v_token uuid;
begin
    update private.effects set run_at = now() where id = p_id;
    select lease_token into strict v_token from private.claim_effects('w', 1) where id = p_id;
    return private.fail_effect(p_id, v_token, p_error, p_verdict, p_after);
end
$$;

select private.enqueue_effect(null, 'test.plain', '1') as id \gset
select is(private.fail_effect(:'id', gen_random_uuid(), 'x'), 'lost', 'a stranger''s failure is nobody''s');
select is(pg_temp.try(:'id', 'first'), 'retry', 'a failed attempt is followed by another');
select results_eq(
    format('select state, attempts, last_error, run_at, lease_token, worker from private.effects where id = %L', :'id'),
    $$ values ('ready', 1, 'first', now() + interval '10 seconds', null::uuid, null::text) $$, 'after the base of its back-off');
select is(pg_temp.try(:'id', 'second', p_after => '7 seconds'), 'retry', 'the provider may say when');
select is((select run_at from private.effects where id = :'id'), now() + interval '7 seconds', 'and is heard');
select is(pg_temp.try(:'id', 'third'), 'dead', 'the last attempt makes a dead letter');
select results_eq('select kind, attempts, last_error from private.dead_effects',
    $$ values ('test.plain', 3, 'third') $$, 'which is kept, with the reason');
select matches((select payload ->> 'text' from private.effects where kind = 'slack.message'),
    'test.plain was given up after 3 attempts: third', 'and told to the operator');
select is(
    (select private.fail_effect(id, lease_token, 'again') from private.effects_done where id = :'id'), 'dead',
    'a repeated call answers what became of it');

select private.enqueue_effect(null, 'test.plain', '2') as id \gset
select is(pg_temp.try(:'id', 'wait', p_after => '30 days'), 'retry', 'a provider that says next month');
select is((select run_at from private.effects where id = :'id'), now() + interval '1 day', 'is asked again tomorrow');
select is(pg_temp.try(:'id', 'no', 'refused'), 'refused', 'a refusal ends it at once');
select is((select outcome || ' ' || last_error from private.effects_done where id = :'id'), 'refused no', 'with the reason');
select is((select count(*) from private.effects where kind = 'slack.message'), 1::bigint, 'and is no alert');

select private.enqueue_effect(null, 'test.plain', '3', 'k') as id \gset
select private.enqueue_effect(null, 'test.plain', '4', 'k') as next \gset
select is(pg_temp.try(:'id', 'x'), 'retry', 'a keyed effect that fails');
select is((select state from private.effects where id = :'next'), 'waiting', 'keeps its place before the others');
select is(pg_temp.try(:'id', 'no', 'refused'), 'refused', 'until it is given up');
select is((select state from private.effects where id = :'next'), 'ready', 'then they go on');
delete from private.effects;

select private.enqueue_effect(null, 'test.saga', '"x"') as id \gset
select is(pg_temp.try(:'id', 'card declined', 'refused'), 'refused', 'a saga''s step that is refused');
select results_eq('select payload from private.effects',
    $$ values ('{"compensates": "refused", "why": "card declined"}'::jsonb) $$, 'starts its compensation, which hears why');
delete from private.effects;

select private.enqueue_effect(null, 'test.saga', '"fails"') as id \gset
update private.effects set attempts = 2 where id = :'id';
select is(pg_temp.try(:'id', 'gone'), 'dead', 'a dead letter');
select is((select last_error from private.dead_effects where id = :'id'), 'gone; test_saga: division by zero',
    'stays dead though its continuation fails, and says both');

insert into private.effect_kinds values ('test.jitter', 'test', 100, 9, 10, 60, 0.5, 5, 30, null, true);
select ok(bool_and(private.backoff(k, n) between make_interval(secs => least(60, 10 * 2 ^ (n - 1)) / 2)
                                             and make_interval(secs => least(60, 10 * 2 ^ (n - 1)))),
    'back-off doubles up to its cap, less at most its jitter')
from private.effect_kinds k, generate_series(1, 40) as n where k.kind = 'test.jitter';
select isnt((select count(distinct private.backoff(k, 1)) from private.effect_kinds k, generate_series(1, 20) where k.kind = 'test.jitter'),
    1::bigint, 'and is not the same for all');
select finish();
rollback;
