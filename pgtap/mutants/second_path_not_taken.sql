-- When Vapi cannot end a call, nobody asks the carrier.
--
-- Caught by: pgtap/billing/end_call.sql
select tests.patch('private.end_call_answered',
    $old$elsif v_payload ->> 'call_sid' is not null then$old$,
    $new$elsif false then$new$);
