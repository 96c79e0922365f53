-- The email carries another token than the one whose hash is kept.
--
-- Caught by: pgtap/tenancy/mail_invitation.sql
select tests.patch('private.mail_invitation', $old$'token', v_token$old$, $new$'token', md5(v_token) || md5('x')$new$);
