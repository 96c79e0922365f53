-- An invitation works twice.
--
-- Caught by: pgtap/tenancy/accept_invitation.sql
select tests.patch('private.accept_invitation', $old$v_invitation.status = 'accepted'$old$, $new$false$new$);
