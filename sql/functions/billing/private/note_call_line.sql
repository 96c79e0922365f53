-- Keeps how a call under way can be reached. If it was to be ended already, that is ordered again, now that there is a way.
--
-- Locks: the wallet, then the reservation.
--
-- Raises 404 call_not_found.
create or replace function private.note_call_line(
    p_call_id uuid, p_vapi_call_id text, p_control_url text, p_call_sid text default null,
    p_now timestamptz default now()
)
returns void
language plpgsql volatile security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    v_reservation constant public.credit_reservations := private.lock_call(p_call_id);
begin
    update public.credit_reservations r
    set vapi_call_id = p_vapi_call_id
    where r.org_id = v_reservation.org_id and r.id = v_reservation.id and r.vapi_call_id is null;
    insert into private.call_lines as l (org_id, call_id, vapi_call_id, control_url, call_sid, updated_at)
    values (v_reservation.org_id, p_call_id, p_vapi_call_id, p_control_url, p_call_sid, p_now)
    on conflict (org_id, call_id) do update set
        vapi_call_id = coalesce(excluded.vapi_call_id, l.vapi_call_id),
        control_url = coalesce(excluded.control_url, l.control_url),
        call_sid = coalesce(excluded.call_sid, l.call_sid),
        updated_at = excluded.updated_at;
    if v_reservation.end_requested_at is not null and v_reservation.cap_released_at is null then
        perform private.order_hang_up(v_reservation.org_id, p_call_id, p_now);
    end if;
end
$$;

revoke execute on function private.note_call_line(uuid, text, text, text, timestamptz)
    from public, anon, authenticated, service_role;
grant execute on function private.note_call_line(uuid, text, text, text, timestamptz) to service_role;
