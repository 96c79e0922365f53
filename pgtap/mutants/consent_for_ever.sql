-- A consent has no end.
--
-- Caught by: pgtap/telephony/take_oauth_code.sql
select tests.patch('private.take_oauth_code', $old$v_flow.expires_at <= p_now or $old$, $new$$new$);
