-- Erasing a person forgets what they were called before.
--
-- Caught by: pgtap/tenancy/erase_personal_data.sql
select tests.patch('private.personal_traces', $old$and l.row_id = p_id::text$old$, $new$and false$new$);
