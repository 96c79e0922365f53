-- An invitation that is sent again leaves its old token leading to the organisation.
--
-- Caught by: pgtap/tenancy/mail_invitation.sql
select tests.patch('private.mail_invitation', $old$where kind = 'invitation' and key = encode(v_old_hash, 'hex')$old$, $new$where false$new$);
