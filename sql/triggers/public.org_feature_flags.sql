-- Who set a flag for the organisation.
create or replace trigger audit_row
    after insert or update or delete on public.org_feature_flags
    for each row execute function private.audit_row();
