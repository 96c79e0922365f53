-- Who changed the wallet's settings. The money itself has its ledger, so a movement of money does not even fire this: the
-- statement that moves it sets none of the columns named here.
create or replace trigger audit_row
    after insert or delete or update of
        debt_limit_pence, auto_recharge_enabled, auto_recharge_threshold_pence, auto_recharge_amount_pence,
        stripe_payment_method_id, low_balance_alert_pence, monthly_cap_pence, max_concurrent_calls, status, suspended_by
    on public.credit_wallets
    for each row execute function private.audit_row(
        'balance_pence', 'held_pence', 'capped_pence', 'entry_count', 'last_entry_hash', 'last_entry_at', 'spent_month',
        'spent_pence', 'recharge_blocked_until', 'recharge_failures', 'payment_method_at', 'low_balance_told_at');
