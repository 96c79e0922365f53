-- Passwords can be guessed without end.
--
-- Caught by: pgtap/tenancy/sign_in.sql
select tests.patch('private.sign_in_limited', $old$count(*) >= 10 from$old$, $new$count(*) >= 10000 from$new$);
