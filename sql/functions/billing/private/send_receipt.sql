-- Thanks for a payment, once: whoever began its top-up, else the organisation's own address.
create or replace function private.send_receipt(p_entry public.credit_transactions)
returns void
language sql volatile security definer
set search_path = pg_catalog, pg_temp
as $$
    select private.send_email(
        o.id, r.recipient, 'topup_credited',
        jsonb_build_object(
            'organization_name', o.name, 'amount', private.pounds(p_entry.amount_pence),
            'balance', private.pounds(p_entry.balance_after_pence), 'reference', p_entry.stripe_payment_intent_id),
        'topup_credited:' || p_entry.stripe_payment_intent_id)
    from public.organizations o
    left join public.wallet_topups t
        on t.org_id = o.id and t.stripe_payment_intent_id = p_entry.stripe_payment_intent_id
    left join public.profiles p on p.org_id = o.id and p.id = t.created_by and p.status = 'active'
    cross join lateral (select coalesce(p.email, o.email) as recipient) as r
    where o.id = p_entry.org_id and r.recipient is not null
    limit 1;
$$;

revoke execute on function private.send_receipt(public.credit_transactions) from public, anon, authenticated, service_role;
