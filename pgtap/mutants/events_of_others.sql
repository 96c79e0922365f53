-- An organisation's stream carries another's events.
--
-- Caught by: pgtap/platform/events_after.sql
select tests.patch('private.org_events_after', $old$e.org_id = p_org_id$old$, $new$true$new$);
