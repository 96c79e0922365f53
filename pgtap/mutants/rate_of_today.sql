-- A call under way pays a price that came after it.
--
-- Caught by: pgtap/billing/rate_of_a_call.sql
select tests.patch('private.settle_call',
    $old$private.charge_pence(v_seconds, p_reservation.rate_pence_per_minute)$old$,
    $new$private.charge_pence(v_seconds, (private.current_rate(p_now)).pence_per_minute)$new$);
