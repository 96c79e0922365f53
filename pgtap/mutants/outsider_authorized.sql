-- Who is no member any more is let in.
--
-- Caught by: pgtap/tenancy/authorize.sql
select tests.patch('private.authorize', $old$perform private.fail('not_a_member');$old$, $new$null;$new$);
