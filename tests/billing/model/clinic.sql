-- What the model is held against.
create function proof.limit(p_org_id uuid, p_max_calls integer, p_monthly_cap_pence bigint) returns void language sql as $$
    update public.credit_wallets w set max_concurrent_calls = p_max_calls, monthly_cap_pence = p_monthly_cap_pence
    where w.org_id = p_org_id;
$$;

-- Times are microseconds since p_base. Unwatched is a hold of a call under way that no deadline was made for.
create function proof.clinic(p_org_id uuid, p_base timestamptz, p_now timestamptz) returns jsonb language plpgsql as $$
begin
    return (
        select jsonb_build_object(
            'balance', w.balance_pence, 'held', w.held_pence, 'capped', w.capped_pence, 'entries', w.entry_count,
            'spent', case when w.spent_month = private.london_month(p_now) then w.spent_pence else 0 end,
            'active', w.status = 'active', 'for_debt', coalesce(w.suspended_by = 'debt', false),
            'refused', (select count(*) from public.call_refusals f where f.org_id = p_org_id),
            'unwatched', (
                select count(*) from public.credit_reservations r
                where r.org_id = p_org_id and r.status = 'active' and r.cap_released_at is null and r.end_requested_at is null
                  and not exists (
                      select from private.effects e
                      where e.kind = 'billing.hold_deadline' and e.payload ->> 'call_id' = r.call_id::text
                        and (e.payload ->> 'hold_ends_at')::timestamptz = r.hold_ends_at)),
            'calls', coalesce((
                select jsonb_object_agg(r.call_id, jsonb_build_array(
                    r.status, r.reserved_pence, r.committed_pence, r.cap_pence,
                    (extract(epoch from r.hold_ends_at - p_base) * 1000000)::bigint, r.cap_released_at is not null,
                    r.end_reason))
                from public.credit_reservations r where r.org_id = p_org_id), '{}'))
        from public.credit_wallets w where w.org_id = p_org_id);
end
$$;
