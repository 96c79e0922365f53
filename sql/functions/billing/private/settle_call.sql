-- Charges a call for what is known of its length: once in full, later the difference. The minutes were used, so it posts.
--
-- The net charge depends on the best evidence alone, not on how it came. While the length is unknown nothing is charged
-- and nothing given up: unknown is never zero, so the provider is asked (private.next_poll_at). Past the debt limit it
-- posts all the same, and private.wallet_moved() suspends the wallet.
--
-- Locks: the call; the caller holds the wallet and the reservation.
create or replace function private.settle_call(p_reservation public.credit_reservations, p_now timestamptz)
returns private.call_settlement
language plpgsql volatile security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    v_seconds constant bigint := private.settled_seconds(p_reservation);
    v_due_pence constant bigint := private.charge_pence(v_seconds, p_reservation.rate_pence_per_minute);
    v_posted_pence constant bigint := v_due_pence - p_reservation.committed_pence;
    v_freed_pence constant bigint := case when p_reservation.status = 'active' then p_reservation.reserved_pence else 0 end;
    v_first constant boolean := p_reservation.settled_at is null;
    v_next_poll_at constant timestamptz := private.next_poll_at(p_reservation, p_now);
begin
    if v_seconds is null or (not v_first and v_posted_pence = 0) then
        update public.credit_reservations r set next_poll_at = v_next_poll_at
        where r.org_id = p_reservation.org_id and r.id = p_reservation.id
          and r.next_poll_at is distinct from v_next_poll_at;
        return private.settlement_of(
            p_reservation.org_id, p_reservation.call_id, case when v_seconds is null then 'pending' else 'unchanged' end,
            0, 0);
    end if;

    update public.credit_reservations r set
        committed_pence = v_due_pence,
        status = case when v_due_pence > 0 then 'committed' else 'released' end,
        settled_at = coalesce(r.settled_at, p_now),
        next_poll_at = v_next_poll_at,
        postings = r.postings + (v_posted_pence <> 0)::integer
    where r.org_id = p_reservation.org_id and r.id = p_reservation.id;
    update public.credit_wallets w
    set held_pence = w.held_pence - v_freed_pence, updated_at = p_now
    where w.org_id = p_reservation.org_id and v_freed_pence > 0;
    update public.calls c set cost_cents = v_due_pence, updated_at = p_now
    where c.org_id = p_reservation.org_id and c.id = p_reservation.call_id and c.cost_cents <> v_due_pence;
    if v_posted_pence <> 0 then
        perform private.post_entry(
            p_org_id => p_reservation.org_id, p_amount_pence => -v_posted_pence,
            p_type => case when p_reservation.postings = 0 then 'deduction' else 'adjustment' end,
            p_idempotency_key => format('call:%s:%s', p_reservation.call_id, p_reservation.postings + 1),
            p_description => case when p_reservation.postings = 0 then format('Call of %s s', v_seconds)
                                  else format('Call corrected to %s s', v_seconds) end,
            p_call_id => p_reservation.call_id, p_vapi_call_id => p_reservation.vapi_call_id, p_now => p_now);
    end if;
    perform private.wallet_moved(p_reservation.org_id, p_now);
    return private.settlement_of(
        p_reservation.org_id, p_reservation.call_id, case when v_first then 'settled' else 'corrected' end,
        v_posted_pence, greatest(v_freed_pence - v_due_pence, 0));
end
$$;

revoke execute on function private.settle_call(public.credit_reservations, timestamptz)
    from public, anon, authenticated, service_role;
