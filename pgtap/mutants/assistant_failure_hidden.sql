-- A failed link does not show.
--
-- Caught by: pgtap/calls/assistant_synced.sql
select tests.patch('private.assistant_synced', $old$else 'failed' end,$old$, $new$else a.tools_status end,$new$);
