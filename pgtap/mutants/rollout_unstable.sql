-- A growing rollout takes a feature from some.
--
-- Caught by: pgtap/tenancy/feature_enabled.sql
select tests.patch('private.org_flags', $old$':' || f.name$old$, $new$':' || f.name || f.rollout_percentage$new$);
