-- Whoever signs up chooses their own role.
--
-- Caught by: pgtap/tenancy/create_organization.sql
select tests.patch('private.create_organization', $old$p_user_id, 'admin')$old$, $new$p_user_id, coalesce(v_user.raw_user_meta_data ->> 'role', 'admin'))$new$);
