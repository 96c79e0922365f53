-- Who bought and released which number.
create or replace trigger audit_row
    after insert or update or delete on public.managed_phone_numbers
    for each row execute function private.audit_row();
