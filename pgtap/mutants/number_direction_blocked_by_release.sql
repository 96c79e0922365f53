-- A direction is taken until the providers have let go of the number before.
--
-- Caught by: pgtap/telephony/release_number.sql
select tests.patch('private.let_number_go', $old$status = 'releasing'$old$, $new$status = 'active'$new$);
