-- What an effect did after its saga had turned back stays at the provider.
--
-- Caught by: pgtap/platform/saga_answered.sql
select tests.patch('private.take_back_stray', $old$p_outcome <> 'done' or$old$, $new$true or$new$);
