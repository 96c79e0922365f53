-- Whether a call's recording can be heard: it is complete, and was not erased, which takes its address away.
create or replace function private.has_recording(p_call public.calls)
returns boolean
language sql stable security invoker
set search_path = pg_catalog, pg_temp
as $$
    select p_call.recording_status = 'completed' and p_call.recording_url is not null and p_call.vapi_call_id is not null;
$$;

revoke execute on function private.has_recording(public.calls) from public, anon, authenticated, service_role;
grant execute on function private.has_recording(public.calls) to authenticated;
