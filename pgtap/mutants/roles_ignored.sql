-- A user may do what takes an admin.
--
-- Caught by: pgtap/tenancy/authorize.sql
select tests.patch('private.authorize', $old$private.role_rank(v_member.role) < private.role_rank(v_entry.least_role)$old$, $new$false$new$);
