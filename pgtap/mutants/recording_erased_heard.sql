-- A recording that was erased can still be heard.
--
-- Caught by: pgtap/calls/recordings.sql pgtap/calls/get_call.sql
select tests.patch('private.has_recording', $old$ and p_call.recording_url is not null$old$, $new$$new$);
