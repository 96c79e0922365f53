-- A call is placed though nothing can be held for it.
--
-- Caught by: pgtap/calls/place_call.sql
select tests.patch('private.place_call', $old$if not v_admission.allowed then$old$, $new$if false then$new$);
