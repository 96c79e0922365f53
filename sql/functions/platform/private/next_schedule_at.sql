-- When a schedule runs next, after the run that was due at p_due_at (null: it never ran), seen from p_now.
--
-- Moments missed in between are left out; the rhythm stays that of the first. A new schedule with an interval runs at
-- once, one with a time of day at its next time (UTC).
create or replace function private.next_schedule_at(
    p_schedule private.schedules, p_due_at timestamptz, p_now timestamptz)
returns timestamptz
language sql immutable security invoker
set search_path = pg_catalog, pg_temp
as $$
    select case
        when p_schedule.daily_at is not null then
            (((p_now at time zone 'UTC')::date
              + case when (p_now at time zone 'UTC')::time >= p_schedule.daily_at then 1 else 0 end)
             + p_schedule.daily_at) at time zone 'UTC'
        when p_due_at is null then p_now
        else p_due_at + p_schedule.every * (1 + floor(greatest(
            extract(epoch from p_now - p_due_at) / extract(epoch from p_schedule.every), 0)))::double precision
    end;
$$;

revoke execute on function private.next_schedule_at(private.schedules, timestamptz, timestamptz)
    from public, anon, authenticated, service_role;
