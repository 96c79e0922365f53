-- Nobody answered, and the length is unknown all the same.
--
-- Caught by: pgtap/calls/call_status_changed.sql
select tests.patch('private.call_ended', $old$'never' then 0::bigint end$old$, $new$'never' then null end$new$);
