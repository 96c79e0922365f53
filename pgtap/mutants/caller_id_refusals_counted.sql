-- A refused verification counts as a call.
--
-- Caught by: pgtap/telephony/begin_caller_id.sql
select tests.patch('private.begin_caller_id', $old$    v_refusal := coalesce(private.refuse_locked(v_caller_id, p_now), private.refuse_limited(v_calls, p_now));$old$, $new$    update private.caller_id_initiations i set recent = v_calls || p_now where i.phone_number = p_phone_number;
    v_refusal := coalesce(private.refuse_locked(v_caller_id, p_now), private.refuse_limited(v_calls, p_now));$new$);
