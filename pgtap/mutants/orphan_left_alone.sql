-- A number that a purchase left behind at Twilio is told of and goes on being paid for.
--
-- Caught by: pgtap/telephony/number_books_listed.sql
select tests.patch('private.orphan_found', $old$if v_given_up then$old$, $new$if false then$new$);
