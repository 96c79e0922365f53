-- Erasing a person reaches into other organisations.
--
-- Caught by: pgtap/tenancy/erase_personal_data.sql
select tests.patch('private.redaction_statement', $old$t.org_id in ($4, $old$, $new$true or t.org_id in ($4, $new$);
