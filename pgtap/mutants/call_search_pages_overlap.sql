-- A page of a search begins with the last call of the one before.
--
-- Caught by: pgtap/calls/list_calls.sql
select tests.patch('private.found_calls', $old$(f.created_at, f.id) < (p_before_at, p_before_id)$old$, $new$(f.created_at, f.id) <= (p_before_at, p_before_id)$new$);
