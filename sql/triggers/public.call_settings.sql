-- Who changed how calls are kept.
create or replace trigger audit_row
    after insert or update or delete on public.call_settings
    for each row execute function private.audit_row();
