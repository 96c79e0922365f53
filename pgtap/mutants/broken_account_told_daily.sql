-- Admins are written to about a broken account every day.
--
-- Caught by: pgtap/telephony/own_account_checked.sql
select tests.patch('private.own_account_checked', $old$v_broken is distinct from (v_old.status = 'error')$old$, $new$true$new$);
