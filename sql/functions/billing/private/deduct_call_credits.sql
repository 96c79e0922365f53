-- Charges a call that was never held for: one that came in while nobody asked. It posts however little there is.
--
-- A hold that comes late then finds the call settled. For a call that has a hold this is private.commit_reserved_credits().
--
-- Locks: the wallet, the reservation; then what private.wallet_moved() locks.
--
-- Raises 404 organization_not_found, 409 call_of_another_organization, 422 unknown_source, 422 invalid_duration.
create or replace function private.deduct_call_credits(
    p_org_id uuid, p_call_id uuid, p_vapi_call_id text, p_seconds bigint, p_source text default 'report',
    p_ended_at timestamptz default null, p_now timestamptz default now()
)
returns private.call_settlement
language plpgsql volatile security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    v_reservation public.credit_reservations;
begin
    perform private.lock_wallet(p_org_id);
    select * into v_reservation
    from public.credit_reservations r
    where r.org_id = p_org_id and r.call_id = p_call_id
    for update;
    if not found then
        v_reservation := private.open_reservation(
            p_org_id, p_call_id, p_vapi_call_id, private.current_rate(p_now), 0, 0, p_now);
    end if;
    return private.note_evidence(v_reservation, p_source, p_ended_at, p_seconds, p_now);
end
$$;

revoke execute on function private.deduct_call_credits(uuid, uuid, text, bigint, text, timestamptz, timestamptz)
    from public, anon, authenticated, service_role;
grant execute on function private.deduct_call_credits(uuid, uuid, text, bigint, text, timestamptz, timestamptz)
    to service_role;
