-- A service that is offered no more is meant.
--
-- Caught by: pgtap/clinic/service_of.sql
select tests.patch('private.service_of', $old$ and s.is_active$old$, $new$$new$);
