-- After a release no report charges the call.
--
-- Caught by: pgtap/billing/release_reserved_credits.sql pgtap/billing/evidence_in_any_order.sql
select tests.patch('private.settle_call',
    $old$if v_seconds is null or (not v_first and v_posted_pence = 0) then$old$,
    $new$if p_reservation.status = 'released' then
        return private.settlement_of(p_reservation.org_id, p_reservation.call_id, 'unchanged', 0, 0);
    elsif v_seconds is null or (not v_first and v_posted_pence = 0) then$new$);
