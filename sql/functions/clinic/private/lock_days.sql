-- Lets one booking at a time at the days of a clinic's diary that a visit touches, until the transaction ends.
--
-- It guarantees nothing: the exclusion constraint does. It saves those who come at the same moment from finding out by
-- trying, and keeps apart two who would move appointments into each other's place. So nobody waits for a second day while holding a first:
-- whoever books twice in one transaction takes a day that is free to be taken, or goes without.
create or replace function private.lock_days(p_visit private.visit, p_starts_at timestamptz)
returns void
language plpgsql volatile security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    v_zone constant text := private.zone_of(p_visit.org_id);
    v_first constant date := (p_starts_at at time zone v_zone)::date;
    v_last constant date :=
        ((p_starts_at + make_interval(mins => p_visit.minutes + p_visit.buffer)) at time zone v_zone)::date;
    v_day date;
    v_key bigint;
begin
    foreach v_day in array case when v_last > v_first then array[v_first, v_last] else array[v_first] end loop
        v_key := hashtextextended(format('appointments:%s:%s', p_visit.org_id, v_day), 0);
        if current_setting('voxanne.diary', true) = 'held' then
            perform pg_try_advisory_xact_lock(v_key);
        else
            perform pg_advisory_xact_lock(v_key);
        end if;
    end loop;
    perform set_config('voxanne.diary', 'held', true);
end
$$;

revoke execute on function private.lock_days(private.visit, timestamptz) from public, anon, authenticated, service_role;
