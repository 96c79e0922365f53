-- A saga believes any answer, also one it does not wait for.
--
-- Caught by: pgtap/platform/saga_answered.sql
select tests.patch('private.saga_answered',
    $old$if v_saga.effect_id is distinct from (p_effect ->> 'id')::uuid then$old$, $new$if v_saga.id is null then$new$);
