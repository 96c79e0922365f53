-- A suspended wallet's calls go on.
--
-- Caught by: pgtap/billing/protect_wallet.sql
select tests.patch('private.protect_wallet', $old$when p_wallet.status = 'suspended' then$old$, $new$when false then$new$);
