-- A session that was ended still changes the account.
--
-- Caught by: pgtap/tenancy/sign_in_session.sql
select tests.patch('private.sign_in_check_session', $old$ and s.revoked_at is null$old$, '');
