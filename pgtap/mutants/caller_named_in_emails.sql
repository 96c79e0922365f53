-- An erased caller is still named in what admins were written.
--
-- Caught by: pgtap/tenancy/erase_contact.sql
update private.personal_data set how = 'erase' where table_name = 'private.emails' and how = 'both';
