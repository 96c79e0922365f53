-- Who wanted numbers of a country we do not sell is written down as anybody else.
--
-- Caught by: pgtap/telephony/search_numbers.sql
select tests.patch('private.note_country', $old$p_refusal is null, p_refusal$old$, $new$true, null$new$);
