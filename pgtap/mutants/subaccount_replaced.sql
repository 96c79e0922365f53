-- A second subaccount takes the place of the first one, whose numbers can then never be given back.
--
-- Caught by: pgtap/telephony/number_parts.sql pgtap/platform/saga_answered.sql
select tests.patch('private.keep_subaccount', $old$not private.subaccount_is_used(s)$old$, $new$true$new$);
