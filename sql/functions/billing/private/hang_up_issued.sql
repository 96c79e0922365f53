-- Notes when the order to hang up was taken: how late that was is a figure somebody watches.
--
-- Locks: the wallet, then the reservation.
create or replace function private.hang_up_issued(p_payload jsonb, p_now timestamptz)
returns void
language plpgsql volatile security definer
set search_path = pg_catalog, pg_temp
as $$
begin
    perform private.lock_wallet((p_payload ->> 'org_id')::uuid);
    update public.credit_reservations r
    set end_issued_at = p_now
    where r.org_id = (p_payload ->> 'org_id')::uuid and r.call_id = (p_payload ->> 'call_id')::uuid
      and r.end_issued_at is null;
end
$$;

revoke execute on function private.hang_up_issued(jsonb, timestamptz) from public, anon, authenticated, service_role;
