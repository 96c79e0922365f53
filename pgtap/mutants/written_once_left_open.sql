-- After an erasure, rows that are written once can be changed.
--
-- Caught by: pgtap/tenancy/redact_personal_data.sql
select tests.patch('private.redact_personal_data', $old$set_config('voxanne.redacting', 'off', true)$old$, $new$set_config('voxanne.redacting', 'on', true)$new$);
