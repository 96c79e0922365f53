-- Who changed whose rights. Signing in changes last_login by itself.
create or replace trigger audit_row
    after insert or update or delete on public.profiles
    for each row execute function private.audit_row('last_login');
