-- Every number of +1 is the United States'.
--
-- Caught by: pgtap/telephony/check_phone_number.sql
select tests.patch('private.country_of', $old$length(c.calling_code) desc, c.area_codes = '{}', c.country_code$old$, $new$c.country_code desc$new$);
