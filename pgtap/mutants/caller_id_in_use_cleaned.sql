-- The clean-up takes away a number that a forwarding uses.
--
-- Caught by: pgtap/telephony/cleanup_caller_ids.sql
select tests.patch('private.cleanup_caller_ids', $old$f.status = 'active'$old$, $new$false$new$);
