-- A deadline ends a call that there is money for.
--
-- Caught by: pgtap/billing/keep_hold.sql
select tests.patch('private.keep_hold', $old$v_reservation := private.extend_hold(v_reservation, p_now);$old$, $new$$new$);
