-- Who changed the organisation.
create or replace trigger audit_row
    after insert or update or delete on public.organizations
    for each row execute function private.audit_row();
