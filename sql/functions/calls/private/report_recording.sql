-- Where a report says the recording is: the one track with both voices, else the one with a side each; NULL without an address.
create or replace function private.report_recording(p_message jsonb)
returns text
language sql immutable security invoker
set search_path = pg_catalog, pg_temp
as $$
    select u.url
    from unnest(array[
        private.report_value(p_message, 'recordingUrl', 'string') #>> '{}',
        private.report_value(p_message, 'recording', 'object') #>> '{mono,combinedUrl}',
        private.report_value(p_message, 'stereoRecordingUrl', 'string') #>> '{}',
        private.report_value(p_message, 'recording', 'object') ->> 'stereoUrl']) with ordinality as u (url, place)
    where u.url ~ '^https?://[^[:space:]]+$' and length(u.url) <= 2000
    order by u.place
    limit 1;
$$;

revoke execute on function private.report_recording(jsonb) from public, anon, authenticated, service_role;
