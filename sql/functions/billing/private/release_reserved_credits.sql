-- The call never came about: gives its hold back.
--
-- This is word of a length of zero, not an end state: better word still charges.
--
-- Locks: the wallet, the reservation; then what private.wallet_moved() locks.
--
-- Raises 404 call_not_found, 422 unknown_source.
create or replace function private.release_reserved_credits(
    p_call_id uuid, p_reason text, p_source text default 'release', p_now timestamptz default now()
)
returns private.call_settlement
language plpgsql volatile security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    v_reservation constant public.credit_reservations := private.lock_call(p_call_id);
begin
    perform private.emit_event(v_reservation.org_id, 'call.released', jsonb_build_object(
        'call_id', p_call_id, 'reason', p_reason));
    return private.note_evidence(v_reservation, p_source, null, 0, p_now);
end
$$;

revoke execute on function private.release_reserved_credits(uuid, text, text, timestamptz)
    from public, anon, authenticated, service_role;
grant execute on function private.release_reserved_credits(uuid, text, text, timestamptz) to service_role;
