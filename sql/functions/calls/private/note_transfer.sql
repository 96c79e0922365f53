-- Puts on record where a call goes on to. Answers whether that is new: to the same number within a minute it is not.
--
-- Locks: the call.
create or replace function private.note_transfer(p_call public.calls, p_number text, p_reason text, p_now timestamptz)
returns boolean
language plpgsql volatile security definer
set search_path = pg_catalog, pg_temp
as $$
begin
    update public.calls c
    set transfer_to = p_number, transfer_time = p_now, transfer_reason = private.one_line(p_reason, 500), updated_at = p_now
    where c.org_id = p_call.org_id and c.id = p_call.id
      and (c.transfer_to is distinct from p_number or c.transfer_time <= p_now - interval '1 minute');
    if not found then
        return false;
    end if;
    perform private.emit_event(p_call.org_id, 'call.transferred', jsonb_build_object('call_id', p_call.id, 'to', p_number));
    return true;
end
$$;

revoke execute on function private.note_transfer(public.calls, text, text, timestamptz) from public, anon, authenticated, service_role;
