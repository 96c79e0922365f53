-- Adding a member takes them from another organisation.
--
-- Caught by: pgtap/tenancy/add_member.sql
select tests.patch('private.add_member', $old$p.status <> 'inactive' or d.org_id <> v_caller.org_id$old$, $new$p.status <> 'inactive' and d.org_id = v_caller.org_id$new$);
