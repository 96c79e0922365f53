-- An admin call of Supabase Auth moves a user to another organisation.
--
-- Caught by: pgtap/tenancy/on_user_updated.sql
select tests.patch('private.on_user_updated', $old$is distinct from v_org_id::text$old$, $new$is null$new$);
