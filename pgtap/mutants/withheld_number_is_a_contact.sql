-- Everybody who withholds their number is one contact.
--
-- Caught by: pgtap/clinic/contact_of_number.sql
select tests.patch('private.contact_phone', $old$v_phone not in ($old$, $new$'' not in ($new$);
