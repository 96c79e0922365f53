-- Numbers are sold without the papers their country asks for.
--
-- Caught by: pgtap/telephony/search_numbers.sql
select tests.patch('private.country_refusal', $old$then 'country_requirements_unmet'$old$, $new$then null$new$);
