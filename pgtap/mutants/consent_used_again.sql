-- A consent works twice.
--
-- Caught by: pgtap/telephony/take_oauth_code.sql
select tests.patch('private.take_oauth_code', $old$v_flow.used_at is not null$old$, $new$false$new$);
