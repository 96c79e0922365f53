-- Refuses a call whose recording cannot be heard: yet, or at all. One that was erased has left no address and counts as none.
--
-- Raises 404 recording_not_ready, 404 recording_not_found.
create or replace function private.check_recording(p_call public.calls)
returns void
language plpgsql stable security invoker
set search_path = pg_catalog, pg_temp
as $$
begin
    if p_call.recording_status in ('pending', 'processing') then
        perform private.fail('recording_not_ready');
    elsif private.has_recording(p_call) is not true then
        perform private.fail('recording_not_found');
    end if;
end
$$;

revoke execute on function private.check_recording(public.calls) from public, anon, authenticated, service_role;
grant execute on function private.check_recording(public.calls) to authenticated;
