-- A call is told to end each time somebody thinks of it.
--
-- Caught by: pgtap/billing/end_call.sql pgtap/billing/protect_wallet.sql
select tests.patch('private.end_call',
    $old$and r.end_requested_at is null and r.cap_released_at is null$old$,
    $new$and r.cap_released_at is null$new$);
