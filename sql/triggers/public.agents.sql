-- Who changed what an assistant says. How far Vapi has followed is not theirs.
create or replace trigger audit_row
    after insert or update or delete on public.agents
    for each row execute function private.audit_row('tools_status', 'synced_version', 'synced_at', 'sync_error');
