-- An organisation reads what another one searched.
--
-- Caught by: pgtap/telephony/search_numbers.sql
select tests.patch('private.available_numbers', $old$ and d.org_id = v_caller.org_id$old$, $new$$new$);
