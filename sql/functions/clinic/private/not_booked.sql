-- The answer to a wish that cannot be met: why, and the three free slots nearest to it. p_appointment is the one that stays
-- as it is, when one was to be moved.
create or replace function private.not_booked(
    p_outcome text, p_visit private.visit, p_starts_at timestamptz, p_appointment public.appointments, p_now timestamptz
)
returns private.booking
language sql stable security definer
set search_path = pg_catalog, pg_temp
as $$
    select (p_outcome, p_appointment,
            array(select s from private.nearest_free(p_visit, p_starts_at, 3, p_now) as s))::private.booking;
$$;

revoke execute on function private.not_booked(text, private.visit, timestamptz, public.appointments, timestamptz)
    from public, anon, authenticated, service_role;
