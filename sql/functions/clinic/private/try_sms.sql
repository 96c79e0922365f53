-- As private.send_sms(), for what goes on without: NULL where the message cannot be sent (no number of ours, one that takes
-- none, or whoever has it said STOP).
--
-- Locks: enqueues, so last.
create or replace function private.try_sms(
    p_org_id uuid, p_contact_id uuid, p_call_id uuid, p_to text, p_text text, p_purpose text,
    p_now timestamptz default now()
)
returns uuid
language plpgsql volatile security definer
set search_path = pg_catalog, pg_temp
as $$
begin
    if private.sms_trouble(p_org_id, p_to, p_text) is not null then
        return null;
    end if;
    return private.send_sms(p_org_id, p_contact_id, p_call_id, p_to, p_text, p_purpose, p_now);
end
$$;

revoke execute on function private.try_sms(uuid, uuid, uuid, text, text, text, timestamptz)
    from public, anon, authenticated, service_role;
