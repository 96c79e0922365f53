-- Whoever is invited joins as an admin.
--
-- Caught by: pgtap/tenancy/use_invitation.sql
select tests.patch('private.use_invitation', $old$p_invitation.role$old$, $new$'admin'$new$);
