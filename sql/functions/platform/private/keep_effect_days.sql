-- Makes the partitions of private.effects_done for today and the seven days to come, and answers how many were missing.
--
-- Made apart and attached, which does not stop those who finish effects; what the default partition holds of a day
-- moves into it. Locks: one migrating server at a time (advisory); the parent in share update exclusive mode.
create or replace function private.keep_effect_days(p_now timestamptz default now())
returns integer
language plpgsql volatile security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    v_day date := (p_now at time zone 'UTC')::date;
    v_from timestamptz;
    v_until timestamptz;
    v_name text;
    v_made integer := 0;
begin
    perform pg_advisory_xact_lock(hashtextextended('private.effects_done', 0));
    for v_ahead in 0..7 loop
        v_name := 'effects_done_' || to_char(v_day + v_ahead, 'YYYYMMDD');
        continue when to_regclass('private.' || v_name) is not null;

        v_from := (v_day + v_ahead)::timestamp at time zone 'UTC';
        v_until := (v_day + v_ahead + 1)::timestamp at time zone 'UTC';
        execute format('create table private.%I (like private.effects_done including all)', v_name);
        execute format(
            'with gone as (delete from private.effects_done_default d where d.finished_at >= $1 and d.finished_at < $2 '
            || 'returning d.*) insert into private.%I select * from gone', v_name) using v_from, v_until;
        execute format(
            'alter table private.effects_done attach partition private.%I for values from (%L) to (%L)',
            v_name, v_from, v_until);
        v_made := v_made + 1;
    end loop;
    return v_made;
end
$$;

revoke execute on function private.keep_effect_days(timestamptz) from public, anon, authenticated, service_role;
grant execute on function private.keep_effect_days(timestamptz) to service_role;
