-- Empties the slot that tomorrow's live events will go to, and remembers how far back a cursor may now reach.
--
-- Answers whether there was anything in it. Locks: that slot exclusively; the three full days that are kept are in
-- others.
create or replace function private.rotate_event_slots(p_now timestamptz default now())
returns boolean
language plpgsql volatile security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    v_slot smallint := private.day_slot(p_now + interval '1 day', 5);
    v_newest xid8;
begin
    select e.xid into v_newest from private.events e where e.slot = v_slot order by e.xid desc limit 1;
    if v_newest is null then
        return false;
    end if;

    insert into private.event_horizon as h (xid) values (v_newest)
    on conflict (singleton) do update set xid = excluded.xid where h.xid < excluded.xid;
    execute format('truncate private.%I', 'events_' || v_slot);
    return true;
end
$$;

revoke execute on function private.rotate_event_slots(timestamptz) from public, anon, authenticated, service_role;
grant execute on function private.rotate_event_slots(timestamptz) to service_role;
