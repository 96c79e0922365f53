-- Runs the schedules that are due and answers how many it ran.
--
-- A due moment belongs to whoever locks its row first; nobody else runs it. Moments missed while all servers were down
-- are made up by one run. A schedule that fails is recorded, told to the operator, and due again at its next moment. A
-- worker asks for one at a time (p_limit => 1), so that a long one holds nothing of the others; null runs all that are due.
--
-- Locks: the schedule's state, skipping what others hold; what the function locks.
create or replace function private.run_due_schedules(p_now timestamptz default now(), p_limit integer default null)
returns integer
language plpgsql volatile security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    v_due record;
    v_started_at timestamptz;
    v_result text;
    v_error text;
    v_count integer := 0;
begin
    insert into private.schedule_state (name, next_run_at)
    select s.name, private.next_schedule_at(s, null, p_now)
    from private.schedules s
    where not exists (select from private.schedule_state t where t.name = s.name)
    on conflict (name) do nothing;

    for v_due in
        select s as schedule, t.next_run_at as due_at
        from private.schedule_state t
        join private.schedules s on s.name = t.name
        where s.enabled and t.next_run_at <= p_now
        order by t.next_run_at, t.name
        limit p_limit
        for update of t skip locked
    loop
        v_started_at := clock_timestamp();
        v_result := null;
        v_error := null;
        begin
            if (v_due.schedule).function is not null then
                execute format('select private.%I(p_now => $1)::text', (v_due.schedule).function) into v_result using p_now;
            else
                v_result := private.enqueue_effect(
                    p_org_id => null,
                    p_kind => (v_due.schedule).effect_kind,
                    p_payload => coalesce((v_due.schedule).payload, '{}') || jsonb_build_object('due_at', v_due.due_at),
                    p_queue_key => 'schedule:' || (v_due.schedule).name,
                    p_run_at => p_now)::text;
            end if;
        exception when others then
            v_error := sqlerrm;
        end;

        insert into private.schedule_runs (name, due_at, started_at, finished_at, ok, result, error)
        values ((v_due.schedule).name, v_due.due_at, v_started_at, clock_timestamp(), v_error is null,
                left(v_result, 2000), left(v_error, 2000))
        on conflict (name, due_at) do nothing;
        update private.schedule_state t set
            next_run_at = private.next_schedule_at(v_due.schedule, v_due.due_at, p_now),
            last_run_at = p_now,
            last_ok = v_error is null
        where t.name = (v_due.schedule).name;
        if v_error is not null then
            perform private.alert(
                null, 'schedule_failed:' || (v_due.schedule).name,
                format('The schedule %s failed: %s', (v_due.schedule).name, left(v_error, 300)), p_now);
        end if;
        v_count := v_count + 1;
    end loop;
    return v_count;
end
$$;

revoke execute on function private.run_due_schedules(timestamptz, integer)
    from public, anon, authenticated, service_role;
grant execute on function private.run_due_schedules(timestamptz, integer) to service_role;
