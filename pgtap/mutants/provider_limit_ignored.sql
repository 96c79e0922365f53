-- A provider's limit is ignored.
--
-- Caught by: pgtap/platform/admit_effects.sql
select tests.patch('private.admit_effects', $old$v_admitted := greatest(v_admitted, 0);$old$, $new$v_admitted := cardinality(v_demand.ids);$new$);
