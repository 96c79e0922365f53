-- A password that bcrypt would cut off lets in.
--
-- Caught by: pgtap/tenancy/sign_in.sql
select tests.patch('private.sign_in', $old$and octet_length(p_password) <= 72$old$, $new$$new$);
