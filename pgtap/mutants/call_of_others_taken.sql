-- A call of another organisation is charged to this one.
--
-- Caught by: pgtap/billing/reserve_call_credits.sql pgtap/billing/deduct_call_credits.sql
select tests.patch('private.open_reservation',
    $old$and d.key = p_call_id::text and d.org_id = p_org_id$old$,
    $new$and d.key = p_call_id::text$new$);
