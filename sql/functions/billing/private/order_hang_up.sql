-- Puts the order to hang up on record: through Vapi first; private.end_call_answered() takes the second path.
create or replace function private.order_hang_up(p_org_id uuid, p_call_id uuid, p_now timestamptz)
returns void
language plpgsql volatile security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    v_line private.call_lines;
begin
    select * into v_line from private.call_lines l where l.org_id = p_org_id and l.call_id = p_call_id;
    perform private.enqueue_effect(
        p_org_id => p_org_id,
        p_kind => 'vapi.end_call',
        p_payload => jsonb_build_object(
            'org_id', p_org_id, 'call_id', p_call_id, 'control_url', v_line.control_url, 'call_sid', v_line.call_sid,
            'account', private.telephony_account_of(p_org_id)),
        p_run_at => p_now);
end
$$;

revoke execute on function private.order_hang_up(uuid, uuid, timestamptz) from public, anon, authenticated, service_role;
