-- A minute that was begun is charged whole.
--
-- Caught by: pgtap/billing/charge_pence.sql
select tests.patch('private.charge_pence',
    $old$(p_seconds * p_rate + 59) / 60$old$,
    $new$((p_seconds + 59) / 60) * p_rate$new$);
