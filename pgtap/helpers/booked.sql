-- Books an appointment that must come about; what differs from none in particular is named. Returns its id.
create or replace function tests.booked(
    p_org uuid, p_at timestamptz, p_contact uuid default null, p_practitioner uuid default null, p_service uuid default null,
    p_call uuid default null, p_now timestamptz default '2026-01-01 00:00+00')
returns uuid
language plpgsql volatile security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    v_booking constant private.booking :=
        private.book_appointment(p_org, p_contact, p_at, p_service, p_practitioner, p_call, p_now => p_now);
begin
    if v_booking.outcome <> 'booked' then
        raise exception 'No appointment at %: %', p_at, v_booking.outcome;
    end if;
    return (v_booking.appointment).id;
end
$$;
