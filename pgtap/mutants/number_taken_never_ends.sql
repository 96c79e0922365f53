-- A purchase whose number turns out to ring for another organisation fails again and again, and is never paid back.
--
-- Caught by: pgtap/telephony/number_parts.sql pgtap/platform/saga_answered.sql
select tests.patch('private.record_number', $old$when sqlstate 'PT409' then$old$, $new$when sqlstate 'PT410' then$new$);
