-- A code is kept after its exchange.
--
-- Caught by: pgtap/telephony/oauth_exchanged.sql
select tests.patch('private.oauth_exchanged', $old$set encrypted_code = null$old$, $new$set encrypted_code = f.encrypted_code$new$);
