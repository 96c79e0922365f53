-- A number is connected anew while Vapi is still to let go of it.
--
-- Caught by: pgtap/telephony/disconnect_twilio.sql pgtap/telephony/connect_twilio.sql
select tests.patch('private.connect_twilio', $old$    elsif v_saga.id is not null then
        perform private.fail('integration_busy');
    end if;

    v_cred$old$, $new$    end if;

    v_cred$new$);
