-- A shared link never expires.
--
-- Caught by: pgtap/calls/recordings.sql
select tests.patch('private.recording_of_token', $old$ and l.expires_at > p_now$old$, $new$$new$);
