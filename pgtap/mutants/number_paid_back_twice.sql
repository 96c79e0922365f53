-- A number that could not be had is paid back as often as somebody says so.
--
-- Caught by: pgtap/telephony/refund_number.sql
select tests.patch('private.refund_number', $old$and n.status <> 'failed'$old$, $new$$new$);
select tests.patch('private.refund_number', $old$'managed_number_refund:' || p_saga.subject_id$old$, $new$'managed_number_refund:' || gen_random_uuid()$new$);
