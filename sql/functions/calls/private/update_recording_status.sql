-- Notes how far a call's recording has come, and where it is; answers whether that was news. One that is there stays there
-- unless another address comes with it.
--
-- Locks: the call.
--
-- Raises 404 call_not_found, 422 recording_status_invalid.
create or replace function private.update_recording_status(
    p_call_id uuid, p_status text, p_url text default null, p_now timestamptz default now()
)
returns boolean
language plpgsql volatile security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    v_org_id uuid;
    v_url constant text := case when p_url ~ '^https?://[^[:space:]]+$' and length(p_url) <= 2000 then p_url end;
begin
    select d.org_id into v_org_id from private.directory d where d.kind = 'call' and d.key = p_call_id::text;
    if not found then
        perform private.fail('call_not_found');
    elsif p_status is null or p_status not in ('none', 'pending', 'processing', 'completed', 'failed')
          or (p_url is not null and v_url is null) then
        perform private.fail('recording_status_invalid');
    end if;
    update public.calls c set recording_status = p_status, recording_url = coalesce(v_url, c.recording_url), updated_at = p_now
    where c.org_id = v_org_id and c.id = p_call_id
      and (c.recording_status is distinct from p_status or v_url is distinct from c.recording_url and v_url is not null)
      and (c.recording_status <> 'completed' or p_status = 'completed');
    if found then
        perform private.emit_event(v_org_id, 'call.recording', jsonb_build_object('call_id', p_call_id, 'status', p_status));
        return true;
    end if;
    return false;
end
$$;

revoke execute on function private.update_recording_status(uuid, text, text, timestamptz)
    from public, anon, authenticated, service_role;
grant execute on function private.update_recording_status(uuid, text, text, timestamptz) to service_role;
