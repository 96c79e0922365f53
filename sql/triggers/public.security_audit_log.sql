-- Written once; only the redaction of personal data touches the columns named here.
create or replace trigger append_only
    before update or delete on public.security_audit_log
    for each row execute function private.append_only('details', 'ip');

create or replace trigger append_only_truncate
    before truncate on public.security_audit_log
    for each statement execute function private.append_only();
