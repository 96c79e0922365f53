-- A forwarding set up anew still counts as dialled.
--
-- Caught by: pgtap/telephony/save_forwarding_config.sql
select tests.patch('private.save_forwarding_config', $old$status = 'pending_setup',
        user_confirmed_setup = false, confirmed_at = null, $old$, $new$$new$);
