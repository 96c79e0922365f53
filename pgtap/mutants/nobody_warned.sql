-- A call is cut off without a word.
--
-- Caught by: pgtap/billing/keep_hold.sql pgtap/billing/sweep_organization.sql
select tests.patch('private.keep_hold', $old$perform private.warn_call(v_reservation, p_now);$old$, $new$null;$new$);
