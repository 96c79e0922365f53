-- Who made and revoked which key. Use changes last_used_at by itself.
create or replace trigger audit_row
    after insert or update or delete on public.api_keys
    for each row execute function private.audit_row('last_used_at');
