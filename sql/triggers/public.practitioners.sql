-- Who changed who sees patients.
create or replace trigger audit_row
    after insert or update or delete on public.practitioners
    for each row execute function private.audit_row();
