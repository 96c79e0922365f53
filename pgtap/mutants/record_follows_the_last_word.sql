-- The last word of a call's end to come is believed, whatever it is.
--
-- Caught by: pgtap/calls/record_order.sql
select tests.patch('private.take_word', $old$(p_parts ->> e.key) collate "C" <= p_key collate "C"$old$, $new$true$new$);
