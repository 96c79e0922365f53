-- Written once.
create or replace trigger append_only
    before update or delete on public.telephony_country_audit_log
    for each row execute function private.append_only();

create or replace trigger append_only_truncate
    before truncate on public.telephony_country_audit_log
    for each statement execute function private.append_only();
