-- Who made, moved and cancelled appointments.
create or replace trigger audit_row
    after insert or update or delete on public.appointments
    for each row execute function private.audit_row();
