-- Who changed what agents know.
create or replace trigger audit_row
    after insert or update or delete on public.knowledge_base
    for each row execute function private.audit_row();
