-- A purchase that fails at its last step leaves the number with the organisation.
--
-- Caught by: pgtap/platform/saga_answered.sql
select tests.patch('private.forget_number', $old$perform private.unlink_number($old$, $new$perform concat($new$);
