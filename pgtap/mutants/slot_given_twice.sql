-- Nothing but good manners keeps two people from one slot.
--
-- Caught by: pgtap/clinic/book_appointment.sql
alter table public.appointments drop constraint appointments_nobody_twice;
