-- A test call rings a stranger at any hour.
--
-- Caught by: pgtap/calls/place_call.sql
select tests.patch('private.check_call_wish', $old$ and private.is_own_phone(p_org_id, p_user_id, p_to))$old$, $new$)$new$);
