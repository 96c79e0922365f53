-- A key answers for an amount it never stood for.
--
-- Caught by: pgtap/billing/post_entry.sql pgtap/billing/add_credits.sql
select tests.patch('private.post_entry',
    $old$if v_entry.amount_pence <> p_amount_pence or v_entry.type <> p_type then$old$,
    $new$if false then$new$);
