-- A person is written to as often as somebody clicks.
--
-- Caught by: pgtap/clinic/send_followup.sql
select tests.patch('private.send_followup', $old$if v_last is not null then$old$, $new$if false then$new$);
