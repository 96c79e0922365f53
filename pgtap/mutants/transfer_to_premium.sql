-- A caller is passed on to a number that costs more than a call.
--
-- Caught by: pgtap/clinic/escalation_of.sql
select tests.patch('private.may_be_rung', $old$starts_with(p_number, p.prefix)$old$, $new$starts_with(p.prefix, p_number)$new$);
