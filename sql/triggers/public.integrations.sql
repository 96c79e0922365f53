-- Who connected what. Health checks change by themselves.
create or replace trigger audit_row
    after insert or update or delete on public.integrations
    for each row execute function private.audit_row('last_checked_at', 'last_error');
