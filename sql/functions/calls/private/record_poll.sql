-- Makes a call's record of what the provider told when it was asked, where its report has not come.
--
-- Locks: the call; then what private.record_report() locks. The caller holds the wallet and the reservation.
create or replace function private.record_poll(p_org_id uuid, p_call_id uuid, p_told jsonb, p_now timestamptz)
returns void
language plpgsql volatile security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    v_call public.calls;
begin
    select * into v_call from public.calls c where c.org_id = p_org_id and c.id = p_call_id for no key update;
    if not found or jsonb_typeof(p_told) is distinct from 'object' then
        return;
    end if;
    perform private.record_report(v_call, p_told, 'poll', sha256(convert_to(p_told::text, 'UTF8')), p_now);
    if v_call.ended_at is null then
        perform private.emit_event(p_org_id, 'call.ended', jsonb_build_object(
            'call_id', p_call_id, 'ended_reason', private.vapi_text(p_told, '{endedReason}', 200)));
    end if;
end
$$;

revoke execute on function private.record_poll(uuid, uuid, jsonb, timestamptz) from public, anon, authenticated, service_role;
