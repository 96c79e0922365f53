-- Where the recording of a call of the caller's organisation is fetched, for the server, which streams it.
--
-- Raises 404 call_not_found, 404 recording_not_ready, 404 recording_not_found, and what private.authorize() raises.
create or replace function public.call_recording(p_call_id uuid)
returns public.recording_source
language plpgsql stable security invoker
set search_path = pg_catalog, pg_temp
as $$
declare
    v_caller constant private.caller := private.authorize('public.call_recording');
    v_call public.calls;
begin
    select * into v_call from public.calls c where c.org_id = v_caller.org_id and c.id = p_call_id;
    if not found then
        perform private.fail('call_not_found');
    end if;
    perform private.check_recording(v_call);
    return (v_call.id, v_call.vapi_call_id)::public.recording_source;
end
$$;

revoke execute on function public.call_recording(uuid) from public, anon, authenticated, service_role;
grant execute on function public.call_recording(uuid) to authenticated;
