-- A server that is too old for the database gets traffic.
--
-- Caught by: pgtap/platform/readiness.sql
select tests.patch('private.readiness', $old$return private.refuse('server_too_old'$old$, $new$perform private.refuse('server_too_old'$new$);
