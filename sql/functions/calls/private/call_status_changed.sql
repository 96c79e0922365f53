-- A call rings on, is answered, or has ended: being answered starts its clock, its end settles it.
--
-- The time in the message counts, not the one of its arrival; the state in `call` does not, which is stale. A record that is
-- there already takes from a status what no report has said.
--
-- Locks: the wallet, the reservation, the call; then what private.record_report() locks.
create or replace function private.call_status_changed(p_call public.calls, p_message jsonb, p_now timestamptz)
returns void
language plpgsql volatile security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    v_status constant text := p_message ->> 'status';
    v_at constant timestamptz := coalesce(private.vapi_time(p_message -> 'timestamp'), p_now);
    v_reservation constant public.credit_reservations := private.hold_of_call(p_call);
begin
    if v_status = 'ended' then
        perform private.call_ended(p_call, v_reservation, p_message, v_at, p_now);
    elsif v_status = 'in-progress' then
        if v_reservation.id is null then
            perform private.hold_running_call(p_call, p_message, p_now);
        else
            perform private.note_line(p_call, p_message, p_now);
        end if;
        perform private.start_call_clock(p_call.id, v_at, p_now);
        update public.calls c set started_at = v_at
        where c.org_id = p_call.org_id and c.id = p_call.id and (c.started_at is null or c.started_at > v_at)
          and not exists (select from private.call_records r
                          where r.org_id = c.org_id and r.call_id = c.id and r.rank is not null);
        if found then
            perform private.emit_event(p_call.org_id, 'call.answered', jsonb_build_object('call_id', p_call.id));
        end if;
    elsif v_reservation.id is not null then
        perform private.note_line(p_call, p_message, p_now);
    end if;
    if v_status in ('in-progress', 'ended') then
        perform private.record_report(
            p_call, p_message, 'status', sha256(convert_to(p_message::text, 'UTF8')), p_now);
    end if;
    perform private.refresh_call_status(p_call.org_id, p_call.id, p_now);
end
$$;

revoke execute on function private.call_status_changed(public.calls, jsonb, timestamptz)
    from public, anon, authenticated, service_role;
