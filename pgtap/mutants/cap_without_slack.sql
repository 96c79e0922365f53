-- The provider is told to end the call when all of its cap is used, and ends it late.
--
-- Caught by: pgtap/billing/worked_example.sql pgtap/billing/reserve_call_credits.sql
select tests.patch('private.open_reservation',
    $old$(p_cap_pence - p_rate.cap_slack_pence) * 60$old$,
    $new$p_cap_pence * 60$new$);
