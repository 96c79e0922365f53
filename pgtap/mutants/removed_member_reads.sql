-- A removed member keeps reading until the token expires.
--
-- Caught by: pgtap/tenancy/member_org_id.sql
select tests.patch('private.membership', $old$v_status is null or v_status = 'inactive'$old$, $new$v_status is null$new$);
