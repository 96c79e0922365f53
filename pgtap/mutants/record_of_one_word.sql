-- What a greater word leaves out, a lesser one may not say.
--
-- Caught by: pgtap/calls/record_order.sql
select tests.patch('private.take_word', $old$when p_parts ? e.key then (p_parts ->> e.key)$old$, $new$when p_parts <> '{}' then coalesce((select max(p.value collate "C") from jsonb_each_text(p_parts) p), '')$new$);
