-- Nobody can say who was suspended when.
--
-- Caught by: pgtap/tenancy/suspend_organization.sql
select tests.patch('private.set_suspension', $old$'organization_suspended'$old$, $new$'organization_noted'$new$);
