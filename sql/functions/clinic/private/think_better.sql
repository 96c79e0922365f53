-- Moves what a caller has booked in this call to the time they ask for now, as private.book_appointment() says.
--
-- What they name anew counts, the rest stays. Locks: as private.move_appointment().
create or replace function private.think_better(
    p_appointment public.appointments, p_wish public.appointments, p_visit private.visit, p_now timestamptz
)
returns private.booking
language plpgsql volatile security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    v_visit private.visit := p_visit;
    v_appointment public.appointments := p_appointment;
begin
    v_visit.replaces := p_appointment.id;
    if p_wish.service_id is null then
        v_visit.minutes := p_appointment.duration_minutes;
        v_visit.buffer := p_appointment.buffer_minutes;
    else
        v_appointment.service_id := p_wish.service_id;
        v_appointment.title := p_wish.title;
    end if;
    v_appointment.notes := coalesce(p_wish.notes, v_appointment.notes);
    return private.move_appointment(v_appointment, v_visit, p_wish.scheduled_at, p_now);
end
$$;

revoke execute on function private.think_better(public.appointments, public.appointments, private.visit, timestamptz)
    from public, anon, authenticated, service_role;
