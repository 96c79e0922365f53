-- A consent asked for at one provider is taken for the other's.
--
-- Caught by: pgtap/telephony/take_oauth_code.sql
select tests.patch('private.take_oauth_code', $old$ and f.provider = p_provider
$old$, $new$
$new$);
