-- A subaccount that Twilio suspended goes on being shown as well, and its numbers are taken for gone.
--
-- Caught by: pgtap/telephony/number_books_listed.sql
select tests.patch('private.number_books_listed', $old$not p_result ? 'refused'$old$, $new$true$new$);
