-- An expired API key still reads.
--
-- Caught by: pgtap/tenancy/member_org_id.sql
select tests.patch('private.membership', $old$(k.expires_at is null or k.expires_at > p_now)$old$, $new$true$new$);
