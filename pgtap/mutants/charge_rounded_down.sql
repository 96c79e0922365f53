-- The last fraction of a penny is given away.
--
-- Caught by: pgtap/billing/charge_pence.sql
select tests.patch('private.charge_pence', $old$ + 59) / 60$old$, $new$) / 60$new$);
