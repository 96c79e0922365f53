-- An export holds every organisation's rows.
--
-- Caught by: pgtap/tenancy/export_data.sql
select tests.patch('private.export_query', $old$'t.org_id = $1'$old$, $new$'true'$new$);
