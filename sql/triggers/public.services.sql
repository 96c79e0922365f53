-- Who changed what the clinic offers.
create or replace trigger audit_row
    after insert or update or delete on public.services
    for each row execute function private.audit_row();
