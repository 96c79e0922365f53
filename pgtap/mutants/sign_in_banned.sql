-- A banned user signs in.
--
-- Caught by: pgtap/tenancy/sign_in.sql
select tests.patch('private.sign_in', $old$v_user.banned_until > p_now$old$, $new$false$new$);
