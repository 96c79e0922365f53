-- A token is revoked although another organisation has the same account.
--
-- Caught by: pgtap/telephony/oauth_exchanged.sql
select tests.patch('private.give_back_token', $old$or exists ($old$, $new$or false and exists ($new$);
