-- Knowing an invited address is enough to join the organisation that invited it.
--
-- Caught by: pgtap/tenancy/sign_up.sql
select tests.patch('private.sign_up', $old$v_invitation.id is not null and not exists$old$, $new$v_invitation.id is null and not exists$new$);
