-- An invitation works after its seven days.
--
-- Caught by: pgtap/tenancy/join_organization.sql
select tests.patch('private.open_invitation', $old$and i.expires_at > p_now$old$, $new$$new$);
