-- Events of a running transaction are published, and those that commit later are lost on resume.
--
-- Caught by: pgtap/platform/events_after.sql
select tests.patch('private.events_after', $old$and e.xid < pg_snapshot_xmin(pg_current_snapshot())$old$, $new$$new$);
