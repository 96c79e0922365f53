begin;
set local search_path = pg_catalog, extensions, pg_temp;
select plan(9);
insert into private.effect_kinds values
    ('test.plain', 'test', 100, 3, 10, 100, 0, 5, 30, null, true),
    ('test.saga', 'test', 100, 3, 10, 100, 0, 5, 30, 'test_saga', false);
select private.enqueue_effect(null, 'test.saga', '1') as id \gset
select is(private.cancel_effect(:'id'), true, 'an effect nobody has started can be taken back');
select is(private.cancel_effect(:'id'), false, 'once');
select is((select outcome from private.effects_done where id = :'id'), 'cancelled', 'it is kept as such, and no continuation was called');
select private.enqueue_effect(null, 'test.plain', '2', 'k') as head \gset
select private.enqueue_effect(null, 'test.plain', '3', 'k') as middle \gset
select private.enqueue_effect(null, 'test.plain', '4', 'k') as last \gset
select is(private.cancel_effect(:'middle'), true, 'one that waits as well');
select results_eq('select payload::int, state from private.effects order by id', $$ values (2, 'ready'), (4, 'waiting') $$, 'without changing who is first');
select is(private.cancel_effect(:'head'), true, 'and the head of a key');
select is((select state from private.effects where id = :'last'), 'ready', 'whose place the next one takes');
select count(*) from private.claim_effects('w', 1);
select is(private.cancel_effect(:'last'), false, 'what is running goes on');
select is(private.cancel_effect(gen_random_uuid()), false, 'what is not there is not cancelled');
select finish();
rollback;
