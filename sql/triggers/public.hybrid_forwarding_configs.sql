-- Who set up which forwarding. Checks are kept in the row itself.
create or replace trigger audit_row
    after insert or update or delete on public.hybrid_forwarding_configs
    for each row execute function private.audit_row('check_effect_id', 'last_checked_at', 'check_result');
