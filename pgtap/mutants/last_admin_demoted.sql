-- The last admin can be demoted.
--
-- Caught by: pgtap/tenancy/update_member.sql
select tests.patch('private.update_member', $old$p_patch ->> 'role' <> 'admin' or $old$, $new$$new$);
