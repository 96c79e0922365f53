-- A provider that cannot be reached is asked without end and without a pause.
--
-- Caught by: pgtap/platform/saga_answered.sql
select tests.patch('private.try_saga_again', $old$interval '5 minutes' * power(2, least(p_saga.failures, 10))$old$, $new$interval '0'$new$);
