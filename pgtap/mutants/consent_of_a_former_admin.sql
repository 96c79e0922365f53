-- Whoever asked need not be an admin any more.
--
-- Caught by: pgtap/telephony/take_oauth_code.sql
select tests.patch('private.take_oauth_code', $old$p.role = 'admin' and p.status = 'active'$old$, $new$true$new$);
