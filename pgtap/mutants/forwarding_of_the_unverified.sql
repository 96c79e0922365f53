-- A number nobody verified can be forwarded.
--
-- Caught by: pgtap/telephony/save_forwarding_config.sql
select tests.patch('private.save_forwarding_config', $old$v_caller_id.status <> 'verified'$old$, $new$false$new$);
