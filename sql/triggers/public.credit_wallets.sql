-- Who changed the wallet's settings. The money itself has its ledger.
create or replace trigger audit_row
    after insert or update or delete on public.credit_wallets
    for each row execute function private.audit_row(
        'balance_pence', 'held_pence', 'capped_pence', 'entry_count', 'last_entry_hash', 'recharge_blocked_until');
