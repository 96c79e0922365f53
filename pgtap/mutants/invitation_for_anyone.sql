-- Whoever has the link joins, whatever their email.
--
-- Caught by: pgtap/tenancy/accept_invitation.sql
select tests.patch('private.accept_invitation', $old$lower(v_invitation.email) is distinct from lower(v_email)$old$, $new$false$new$);
