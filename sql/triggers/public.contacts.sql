-- Who changed what is known of a person. What calls make of it, a score or a status, is not noted.
create or replace trigger audit_row
    after insert or delete or update of phone, email, first_name, last_name, notes, do_not_call, sms_opt_out on public.contacts
    for each row execute function private.audit_row();
