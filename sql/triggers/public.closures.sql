-- Who changed when nobody is seen.
create or replace trigger audit_row
    after insert or update or delete on public.closures
    for each row execute function private.audit_row();
