-- Who is away has slots.
--
-- Caught by: pgtap/clinic/check_availability.sql
select tests.patch('private.diary', $old$ - coalesce(own_closed.days, '{}')$old$, $new$$new$);
