begin;
set local search_path = pg_catalog, extensions, pg_temp;
select plan(7);
insert into private.effect_kinds values
    ('test.plain', 'test', 100, 3, 10, 100, 0, 5, 30, null, true),
    ('test.saga', 'test', 100, 3, 10, 100, 0, 5, 30, 'test_saga', false);
select private.enqueue_effect(null, 'test.plain', to_jsonb(n)) from generate_series(1, 5) as n;
select private.enqueue_effect(null, 'test.plain', '6', 'key');
select private.enqueue_effect(null, 'test.saga', '7');
create temp table claimed as select * from private.claim_effects('w', 10);
create function pg_temp.finishes() returns jsonb language sql as $$
    select jsonb_agg(jsonb_build_object('id', id, 'token', case payload when '5' then gen_random_uuid() else lease_token end,
                                        'result', case when payload::int > 1 then payload end))
    from claimed;
$$;
create function pg_temp.answers() returns setof text language sql as $$
    select c.payload::text || ' ' || f.answer from private.finish_effects(pg_temp.finishes()) as f join claimed c using (id) order by 1;
$$;
select results_eq('select pg_temp.answers()',
    $$ values ('1 done'), ('2 done'), ('3 done'), ('4 done'), ('5 lost'), ('6 alone'), ('7 alone') $$,
    'what stands alone is finished, the rest is answered for');
select results_eq('select payload, result, outcome, finished_at from private.effects_done order by id',
    $$ select to_jsonb(n), case when n > 1 then to_jsonb(n) end, 'done', now() from generate_series(1, 4) as n $$,
    'each with its own result');
select is((select count(*) from private.effects where state = 'running'), 3::bigint, 'the others are still held');
select results_eq('select pg_temp.answers()',
    $$ values ('1 done'), ('2 done'), ('3 done'), ('4 done'), ('5 lost'), ('6 alone'), ('7 alone') $$,
    'the same again answers the same');
select is((select count(*) from private.effects_done), 4::bigint, 'and finishes nothing twice');
select is_empty($$ select private.finish_effects('[]') $$, 'nothing is nothing');
update private.effect_kinds set result_kept = false where kind = 'test.plain';
select private.enqueue_effect(null, 'test.plain', '8') as id \gset
select private.finish_effects(jsonb_build_array(jsonb_build_object('id', c.id, 'token', c.lease_token, 'result', 'a secret'))) from private.claim_effects('w', 1) as c;
select is((d.outcome, d.result)::text, '(done,)', 'a result that is not to be kept is not') from private.effects_done d where d.id = :'id';
select finish();
rollback;
