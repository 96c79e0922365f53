-- A status says that a call has ended: it is settled by start and end, until its report knows better. What never
-- connected costs nothing. A report that does not come is looked for.
--
-- Locks: the wallet, the reservation, the call.
create or replace function private.call_ended(
    p_call public.calls, p_reservation public.credit_reservations, p_message jsonb, p_at timestamptz,
    p_now timestamptz
)
returns void
language plpgsql volatile security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    v_reason constant text := private.vapi_text(p_message, '{endedReason}', 200);
    v_seconds constant bigint := case when (private.ended_reason(v_reason)).connected = 'never' then 0::bigint end;
begin
    if p_reservation.id is null then
        perform private.deduct_call_credits(
            p_call.org_id, p_call.id, p_call.vapi_call_id, v_seconds, 'status', p_at, p_now);
    else
        perform private.commit_reserved_credits(p_call.id, v_seconds, 'status', p_at, p_now);
    end if;
    update public.calls c set ended_at = p_at, ended_reason = coalesce(v_reason, c.ended_reason)
    where c.org_id = p_call.org_id and c.id = p_call.id and c.ended_at is null
      and not exists (select from private.call_records r
                      where r.org_id = c.org_id and r.call_id = c.id and r.rank is not null);
    if found then
        perform private.emit_event(p_call.org_id, 'call.ended', jsonb_build_object(
            'call_id', p_call.id, 'ended_reason', v_reason));
        perform private.await_report(p_call.org_id, p_call.id, 0, p_now);
    end if;
end
$$;

revoke execute on function private.call_ended(public.calls, public.credit_reservations, jsonb, timestamptz, timestamptz)
    from public, anon, authenticated, service_role;
