-- Cancels an appointment and frees its slot: `cancelled`, or `already`. It stays to be read; the audit keeps who and when.
--
-- Locks: the appointment; events last. Raises 404 appointment_not_found, 409 appointment_over.
create or replace function private.cancel_appointment(
    p_org_id uuid, p_appointment_id uuid, p_now timestamptz default now()
)
returns private.booking
language plpgsql volatile security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    v_appointment public.appointments;
begin
    select * into v_appointment from public.appointments a
    where a.org_id = p_org_id and a.id = p_appointment_id
    for update;
    if not found then
        perform private.fail('appointment_not_found');
    elsif v_appointment.status = 'cancelled' then
        return ('already', v_appointment, '{}')::private.booking;
    elsif v_appointment.status not in ('scheduled', 'confirmed') then
        perform private.fail('appointment_over');
    end if;

    update public.appointments a set status = 'cancelled', updated_at = p_now
    where a.org_id = p_org_id and a.id = p_appointment_id
    returning a.* into v_appointment;
    perform private.tell_appointment('appointment.cancelled', v_appointment);
    return ('cancelled', v_appointment, '{}')::private.booking;
end
$$;

revoke execute on function private.cancel_appointment(uuid, uuid, timestamptz)
    from public, anon, authenticated, service_role;
