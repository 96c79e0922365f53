-- A top-up as the operation that opens its page. The top-up outlives its effect, so its own status says how that ended.
create or replace function private.topup_operation(p_topup public.wallet_topups)
returns public.operation
language sql stable security definer
set search_path = pg_catalog, pg_temp
as $$
    select (
        p_topup.effect_id, 'stripe.checkout',
        coalesce(
            (select case e.state when 'running' then 'running' else 'queued' end
             from private.effects e where e.id = p_topup.effect_id and e.org_id = p_topup.org_id),
            case when p_topup.status = 'failed' and p_topup.url is null then 'failed' else 'done' end),
        null, p_topup.created_at, case when p_topup.status <> 'new' then p_topup.updated_at end)::public.operation;
$$;

revoke execute on function private.topup_operation(public.wallet_topups) from public, anon, authenticated, service_role;
