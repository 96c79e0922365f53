-- Naming one's own subaccount to be connected, and being refused, leaves it to whoever names it next.
--
-- Caught by: pgtap/telephony/give_up_own_account.sql
select tests.patch('private.give_up_own_account', $old$s.subaccount_sid = d.key$old$, $new$false$new$);
