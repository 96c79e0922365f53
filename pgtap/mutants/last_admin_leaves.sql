-- The last admin can be removed.
--
-- Caught by: pgtap/tenancy/remove_member.sql
select tests.patch('private.keep_an_admin', $old$v_admins = array[p_leaving]$old$, $new$false$new$);
