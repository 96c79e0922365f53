-- What word of a call's end came to, with the wallet as it is afterwards.
create or replace function private.settlement_of(
    p_org_id uuid, p_call_id uuid, p_outcome text, p_posted_pence bigint, p_released_pence bigint
)
returns private.call_settlement
language sql stable security definer
set search_path = pg_catalog, pg_temp
as $$
    select row(
        r.call_id, p_outcome, r.status, r.committed_pence, p_posted_pence, p_released_pence, w.balance_pence,
        w.balance_pence < -w.debt_limit_pence)::private.call_settlement
    from public.credit_reservations r
    join public.credit_wallets w on w.org_id = r.org_id
    where r.org_id = p_org_id and r.call_id = p_call_id;
$$;

revoke execute on function private.settlement_of(uuid, uuid, text, bigint, bigint)
    from public, anon, authenticated, service_role;
