-- A revoked API key still reads.
--
-- Caught by: pgtap/tenancy/member_org_id.sql
select tests.patch('private.membership', $old$k.revoked_at is null and$old$, $new$$new$);
