-- Two sagas of an organisation buy at the same moment, and may buy the same number.
--
-- Caught by: pgtap/platform/order_saga_effect.sql
select tests.patch('private.order_saga_effect', $old$case when v_makes then 'saga:' || p_saga.org_id end$old$, $new$null$new$);
