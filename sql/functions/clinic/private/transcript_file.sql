-- A call's transcript as a file for a person: who called when, and what was said.
create or replace function private.transcript_file(p_call public.calls, p_zone text)
returns text
language sql stable security invoker
set search_path = pg_catalog, pg_temp
as $$
    select concat_ws(
        E'\r\n',
        case p_call.call_direction when 'inbound' then 'Call from ' else 'Call to ' end
            || coalesce(nullif(concat_ws(', ', p_call.caller_name, p_call.phone_number), ''), 'a withheld number'),
        format('%s (%s)', to_char(coalesce(p_call.started_at, p_call.created_at) at time zone p_zone, 'DD Mon YYYY, HH24:MI'), p_zone),
        'Length: ' || to_char(make_interval(secs => p_call.duration_seconds), 'HH24:MI:SS'),
        '',
        regexp_replace(p_call.transcript, E'\r?\n', E'\r\n', 'g'),
        '');
$$;

revoke execute on function private.transcript_file(public.calls, text) from public, anon, authenticated, service_role;
