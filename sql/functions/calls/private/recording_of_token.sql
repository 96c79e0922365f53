-- Where the recording behind a shared link is fetched, for the server, which streams it.
--
-- A token that never was, one that expired, one of a call or an organisation that is there no more or suspended, and a
-- recording that was erased since are answered alike: whoever tries tokens learns nothing.
--
-- Raises 404 recording_not_found.
create or replace function private.recording_of_token(p_token text, p_now timestamptz default now())
returns public.recording_source
language plpgsql stable security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    v_source public.recording_source;
begin
    select c.id, c.vapi_call_id into v_source
    from private.recording_links l
    join public.calls c on c.org_id = l.org_id and c.id = l.call_id
    join public.organizations o on o.id = l.org_id and o.suspended_at is null
    where l.token_hash = private.recording_token_hash(p_token) and l.expires_at > p_now and private.has_recording(c);
    if not found then
        perform private.fail('recording_not_found');
    end if;
    return v_source;
end
$$;

revoke execute on function private.recording_of_token(text, timestamptz) from public, anon, authenticated, service_role;
grant execute on function private.recording_of_token(text, timestamptz) to service_role;
