-- Who is no member any more is let in.
--
-- Caught by: pgtap/tenancy/authorize.sql
select tests.patch('private.authorize', $old$'no_organization', 'not_a_member', 'suspended'$old$, $new$'no_organization', 'suspended'$new$);
