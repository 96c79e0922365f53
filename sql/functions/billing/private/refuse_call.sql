-- Keeps that a call was refused and why, tells the clinic (a live event each time, an email a day for each reason) and the
-- operator, and answers what the caller hears.
--
-- Locks: none of its own; the caller holds the wallet.
create or replace function private.refuse_call(
    p_wallet public.credit_wallets, p_call_id uuid, p_reason text, p_now timestamptz
)
returns private.call_admission
language plpgsql volatile security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    v_told constant text := (select s.told from private.refusal_reasons s where s.reason = p_reason);
    v_organization public.organizations;
begin
    insert into public.call_refusals (org_id, call_id, reason, balance_pence, held_pence, capped_pence, created_at)
    values (
        p_wallet.org_id, p_call_id, p_reason, p_wallet.balance_pence, p_wallet.held_pence, p_wallet.capped_pence, p_now)
    on conflict do nothing;
    perform private.emit_event(p_wallet.org_id, 'call.refused', jsonb_build_object(
        'call_id', p_call_id, 'reason', p_reason, 'told', v_told));
    perform private.alert(p_wallet.org_id, 'call_refused', format('A call was refused: %s', p_reason), p_now);

    select * into strict v_organization from public.organizations o where o.id = p_wallet.org_id;
    if v_organization.email is not null then
        perform private.send_email(
            p_wallet.org_id, v_organization.email, 'call_refused',
            jsonb_build_object(
                'organization_name', v_organization.name, 'told', v_told,
                'balance', private.pounds(p_wallet.balance_pence)),
            format('call_refused:%s:%s', p_reason, to_char(p_now, 'YYYY-MM-DD')));
    end if;
    return private.first_admission(p_wallet.org_id, p_call_id);
end
$$;

revoke execute on function private.refuse_call(public.credit_wallets, uuid, text, timestamptz)
    from public, anon, authenticated, service_role;
