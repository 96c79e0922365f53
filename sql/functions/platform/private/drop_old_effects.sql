-- Drops the days of finished effects, dead letters among them, that ended 30 days ago, and old schedule runs.
--
-- Answers how many days were dropped. Locks: private.effects_done, exclusively, for a moment: gives up after 200 ms
-- rather than let those who finish effects queue up behind it, and is tried again an hour later.
create or replace function private.drop_old_effects(p_now timestamptz default now())
returns integer
language plpgsql volatile security definer
set search_path = pg_catalog, pg_temp
set lock_timeout = '200ms'
as $$
declare
    v_day text;
    v_dropped integer := 0;
begin
    delete from private.schedule_runs r where r.started_at < p_now - interval '30 days';

    for v_day in
        select c.relname::text
        from pg_inherits i
        join pg_class c on c.oid = i.inhrelid
        where i.inhparent = 'private.effects_done'::regclass
          and c.relname ~ '^effects_done_\d{8}$'
          and to_date(right(c.relname, 8), 'YYYYMMDD') < (p_now at time zone 'UTC')::date - 31
        order by c.relname
    loop
        execute format('drop table private.%I', v_day);
        v_dropped := v_dropped + 1;
    end loop;
    return v_dropped;
end
$$;

revoke execute on function private.drop_old_effects(timestamptz) from public, anon, authenticated, service_role;
grant execute on function private.drop_old_effects(timestamptz) to service_role;
