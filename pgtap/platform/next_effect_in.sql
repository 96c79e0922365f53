begin;
set local search_path = pg_catalog, extensions, pg_temp;
select plan(7);
insert into private.effect_kinds values
    ('test.plain', 'test', 100, 3, 10, 100, 0, 5, 30, null, true),
    ('test.saga', 'test', 100, 3, 10, 100, 0, 5, 30, 'test_saga', false);
select is(private.next_effect_in(array['test.plain']), null, 'nothing, when there is nothing');
select private.enqueue_effect(null, 'test.plain', '1', p_run_at => now() + interval '90 seconds', p_priority => 10);
select private.enqueue_effect(null, 'test.plain', '2', p_run_at => now() + interval '2.5 seconds', p_priority => 200);
select private.enqueue_effect(null, 'test.saga', '3', p_run_at => now() + interval '1 second');
select is(private.next_effect_in(array['test.plain', 'test.saga']), 1::float8, 'the first of all classes');
select is(private.next_effect_in(array['test.plain']), 2.5::float8, 'of the kinds the worker knows');
select is(private.next_effect_in(array['test.plain'], p_now => now() + interval '2 seconds'), 0.5::float8, 'seen from now');
select private.enqueue_effect(null, 'test.plain', '4', p_run_at => now() - interval '10 seconds');
select is(private.next_effect_in(array['test.plain']), -10::float8, 'what is overdue is in the past');
select is(private.next_effect_in(array['test.plain'], array[1, 1, 9, 1]), 2.5::float8, 'unless it was seen to be taken');
select count(*) from private.claim_effects('w', 9);
select is(private.next_effect_in(array['test.plain']), 2.5::float8, 'what runs is not due');
select finish();
rollback;
