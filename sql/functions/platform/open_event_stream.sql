-- Lets the caller listen to their organisation's live events, and answers which organisation that is.
--
-- Asked when a stream opens and again at every heartbeat, so a removed or suspended member's stream ends.
--
-- Raises 401 not_signed_in, 403 no_organization, 403 account_suspended, 403 not_a_member, 403 scope_missing.
create or replace function public.open_event_stream()
returns uuid
language plpgsql stable security invoker
set search_path = pg_catalog, pg_temp
as $$
declare
    v_caller private.caller;
begin
    v_caller := private.authorize('public.open_event_stream');
    return v_caller.org_id;
end
$$;

revoke execute on function public.open_event_stream() from public, anon, authenticated, service_role;
grant execute on function public.open_event_stream() to authenticated;
