-- Who changed when callers are passed on.
create or replace trigger audit_row
    after insert or update or delete on public.escalation_rules
    for each row execute function private.audit_row();
