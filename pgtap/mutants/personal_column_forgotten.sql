-- A column that holds something about people is classified nowhere.
--
-- Caught by: pgtap/tenancy/personal_data.sql
alter table public.services add column practitioner_notes text;
delete from private.personal_data where table_name = 'public.services';
