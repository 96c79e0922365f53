-- Keeps how a call can be reached, where the message says.
--
-- Locks: the wallet, the reservation, the call.
--
-- Raises 404 call_not_found for one that nothing is held for.
create or replace function private.note_line(p_call public.calls, p_message jsonb, p_now timestamptz)
returns void
language plpgsql volatile security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    v_control_url constant text :=
        substring(btrim(private.vapi_text(p_message, '{call,monitor,controlUrl}', 1000), '<> ') from '^https?://.+$');
    v_call_sid constant text := private.call_sid_of(p_message);
begin
    if v_call_sid is not null then
        update public.calls c set provider_call_sid = v_call_sid
        where c.org_id = p_call.org_id and c.id = p_call.id and c.provider_call_sid is distinct from v_call_sid;
    end if;
    if v_control_url is not null or v_call_sid is not null then
        perform private.note_call_line(p_call.id, p_call.vapi_call_id, v_control_url, v_call_sid, p_now);
    end if;
end
$$;

revoke execute on function private.note_line(public.calls, jsonb, timestamptz)
    from public, anon, authenticated, service_role;
