-- A changed password leaves a thief signed in.
--
-- Caught by: pgtap/tenancy/update_signed_in_user.sql
select tests.patch('private.update_signed_in_user', $old$id is distinct from p_session_id$old$, $new$false$new$);
