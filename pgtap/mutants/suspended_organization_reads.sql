-- A suspended organisation keeps reading.
--
-- Caught by: pgtap/tenancy/member_org_id.sql
select tests.patch('private.membership', $old$v_suspended or v_status = 'suspended'$old$, $new$v_status = 'suspended'$new$);
