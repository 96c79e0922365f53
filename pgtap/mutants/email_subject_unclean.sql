-- A line break in a name adds a header to an email.
--
-- Caught by: pgtap/platform/send_email.sql
select tests.patch('private.send_email', $old$'[[:cntrl:]]+', ' ', 'g'$old$, $new$'[[:cntrl:]]+', E'\n', 'g'$new$);
