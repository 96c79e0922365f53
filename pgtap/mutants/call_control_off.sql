-- A call cannot be ended by its control URL.
--
-- Caught by: pgtap/calls/assistant_wish.sql
select tests.patch('private.assistant_conduct', $old$"controlEnabled": true$old$, $new$"controlEnabled": false$new$);
