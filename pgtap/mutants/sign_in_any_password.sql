-- Any password is right.
--
-- Caught by: pgtap/tenancy/sign_in.sql
select tests.patch('private.sign_in', $old$= coalesce(v_user.encrypted_password, c_nobody)
               and$old$, $new$<> ''
               and$new$);
