-- What the provider refused counts as connected.
--
-- Caught by: pgtap/telephony/oauth_exchanged.sql
select tests.patch('private.oauth_exchanged', $old$ and not p_result ? 'refused'$old$, $new$$new$);
