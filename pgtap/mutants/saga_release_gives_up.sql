-- A release ends with the first provider that fails: the number is paid for, and nobody has it.
--
-- Caught by: pgtap/telephony/release_number.sql
select tests.patch('private.saga_answered',
    $old$(v_saga.state = 'undoing' or v_step.on_failure = 'again')$old$, $new$v_saga.state = 'undoing'$new$);
