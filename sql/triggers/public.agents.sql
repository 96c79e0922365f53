-- Who changed what an assistant says.
create or replace trigger audit_row
    after insert or update or delete on public.agents
    for each row execute function private.audit_row();
