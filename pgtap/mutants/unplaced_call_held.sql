-- A call that was never placed goes on holding money.
--
-- Caught by: pgtap/calls/place_call.sql
select tests.patch('private.call_not_placed', $old$perform private.release_reserved_credits(p_call.id, p_reason, 'release', p_now);$old$, $new$$new$);
