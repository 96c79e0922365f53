-- Who invited whom.
create or replace trigger audit_row
    after insert or update or delete on public.org_invitations
    for each row execute function private.audit_row();
