-- Who changed when patients are seen.
create or replace trigger audit_row
    after insert or update or delete on public.opening_hours
    for each row execute function private.audit_row();
