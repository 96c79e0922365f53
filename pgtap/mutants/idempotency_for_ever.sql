-- An idempotency key never runs out.
--
-- Caught by: pgtap/platform/idem_begin.sql
select tests.patch('private.idem_begin', $old$p_now - interval '24 hours'$old$, $new$p_now - interval '24 years'$new$);
