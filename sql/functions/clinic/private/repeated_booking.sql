-- The appointment that a wish was granted with before: under the same key, or at the same time for the same person when the
-- wish is spoken in a call.
--
-- A caller who rings again because the line broke, and asks for what is booked already, is told so, too: that the call is
-- another one makes no second appointment of it. Whoever books without a call (the desk) may have two at one time; only
-- the key tells them apart.
--
-- Raises 422 idempotency_key_reused when the key was another person's.
create or replace function private.repeated_booking(
    p_org_id uuid, p_contact_id uuid, p_starts_at timestamptz, p_call_id uuid, p_idempotency_key text
)
returns public.appointments
language plpgsql stable security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    v_appointment public.appointments;
begin
    select * into v_appointment from public.appointments a
    where a.org_id = p_org_id and a.idempotency_key = p_idempotency_key;
    if found then
        if v_appointment.contact_id is distinct from p_contact_id then
            perform private.fail('idempotency_key_reused');
        end if;
        return v_appointment;
    end if;

    select * into v_appointment from public.appointments a
    where a.org_id = p_org_id and a.scheduled_at = p_starts_at and a.status in ('scheduled', 'confirmed')
      and p_call_id is not null
      and (a.contact_id = p_contact_id or a.call_id = p_call_id and a.contact_id is not distinct from p_contact_id)
    order by a.call_id is not distinct from p_call_id desc, a.created_at, a.id
    limit 1;
    return v_appointment;
end
$$;

revoke execute on function private.repeated_booking(uuid, uuid, timestamptz, uuid, text)
    from public, anon, authenticated, service_role;
