-- One address may sign up without end.
--
-- Caught by: pgtap/tenancy/sign_up.sql
select tests.patch('private.sign_in_limited', $old$count(*) >= 100$old$, $new$count(*) >= 100000$new$);
