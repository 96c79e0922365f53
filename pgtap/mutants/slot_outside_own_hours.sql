-- Everybody is there whenever the clinic is open.
--
-- Caught by: pgtap/clinic/check_availability.sql
select tests.patch('private.opening_spans', $old$case when exists (select from rules o where o.practitioner_id = r.id) then r.id end$old$, $new$null::uuid$new$);
