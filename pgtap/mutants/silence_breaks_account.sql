-- An account counts as broken when Twilio could not be asked.
--
-- Caught by: pgtap/telephony/own_account_checked.sql
select tests.patch('private.own_account_checked', $old$ or p_outcome <> 'done'$old$, $new$$new$);
select tests.patch('private.own_account_checked', $old$:= p_result ? 'refused'$old$, $new$:= coalesce(p_result ? 'refused', true)$new$);
