-- Written once. A description may name a person, so the redaction of personal data may touch it; the hash does not cover it.
create or replace trigger append_only
    before update or delete on public.credit_transactions
    for each row execute function private.append_only('description');

create or replace trigger append_only_truncate
    before truncate on public.credit_transactions
    for each statement execute function private.append_only();
