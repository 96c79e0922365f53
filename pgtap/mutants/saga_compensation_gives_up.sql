-- A step back that fails counts as taken: what could not be released is forgotten.
--
-- Caught by: pgtap/platform/saga_answered.sql
select tests.patch('private.saga_answered',
    $old$(v_saga.state = 'undoing' or v_step.on_failure = 'again')$old$, $new$v_step.on_failure = 'again'$new$);
