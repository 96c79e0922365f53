-- A server that stops in good order uses up an attempt of what it held.
--
-- Caught by: pgtap/platform/extend_leases.sql
select tests.patch('private.release_leases', $old$greatest(e.attempts - 1, 0)$old$, $new$e.attempts$new$);
