-- Leaving an organisation deletes the account that another one has by now.
--
-- Caught by: pgtap/tenancy/end_membership.sql
select tests.patch('private.end_membership', $old$ and d.key = p_user_id::text and d.org_id = p_org_id$old$, $new$ and d.key = p_user_id::text$new$);
