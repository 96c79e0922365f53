-- Opens a call's bill: what is held, what it may cost at most, and when somebody has to look again.
--
-- The provider is told a length that ends the call the rate's slack before the cap. Locks: none of its own; the caller
-- holds the wallet.
--
-- Raises 409 call_of_another_organization.
create or replace function private.open_reservation(
    p_org_id uuid, p_call_id uuid, p_vapi_call_id text, p_rate public.billing_rates, p_held_pence bigint,
    p_cap_pence bigint, p_now timestamptz
)
returns public.credit_reservations
language plpgsql volatile security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    v_max_seconds constant integer :=
        greatest((p_cap_pence - p_rate.cap_slack_pence) * 60 / p_rate.pence_per_minute, 0)::integer;
    v_reservation public.credit_reservations;
begin
    insert into private.directory (kind, key, org_id) values ('call', p_call_id::text, p_org_id) on conflict do nothing;
    if not exists (select from private.directory d
                   where d.kind = 'call' and d.key = p_call_id::text and d.org_id = p_org_id) then
        perform private.fail('call_of_another_organization');
    end if;

    insert into public.credit_reservations (
        org_id, call_id, vapi_call_id, rate_pence_per_minute, reserved_pence, cap_pence, max_duration_seconds, status,
        paid_from, hold_ends_at, expires_at, next_poll_at, created_at)
    values (
        p_org_id, p_call_id, p_vapi_call_id, p_rate.pence_per_minute, p_held_pence, p_cap_pence, v_max_seconds, 'active',
        p_now, p_now + private.paid_time(p_held_pence, p_rate.pence_per_minute), p_now + interval '60 minutes',
        p_now + make_interval(secs => v_max_seconds + 60), p_now)
    returning * into v_reservation;
    update public.credit_wallets w
    set held_pence = w.held_pence + p_held_pence, capped_pence = w.capped_pence + p_cap_pence, updated_at = p_now
    where w.org_id = p_org_id;
    if p_held_pence > 0 then
        perform private.set_hold_deadline(v_reservation, p_now);
    end if;
    return v_reservation;
end
$$;

revoke execute on function private.open_reservation(uuid, uuid, text, public.billing_rates, bigint, bigint, timestamptz)
    from public, anon, authenticated, service_role;
