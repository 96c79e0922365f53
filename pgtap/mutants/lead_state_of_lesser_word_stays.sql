-- A lesser word of a call leaves its mark on the contact for good.
--
-- Caught by: pgtap/calls/follow_up_lead.sql
select tests.patch('private.follow_up_lead', $old$if v_record.status_after is distinct from v_status then$old$, $new$if true then$new$);
