-- Written once; only the redaction of personal data touches the columns named here.
create or replace trigger append_only
    before update or delete on public.audit_logs
    for each row execute function private.append_only('before', 'after');

create or replace trigger append_only_truncate
    before truncate on public.audit_logs
    for each statement execute function private.append_only();
