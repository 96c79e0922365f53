-- Who switched which tool on and off.
create or replace trigger audit_row
    after insert or update or delete on public.org_tools
    for each row execute function private.audit_row();
