-- Reconciles organisations in their order, from the one after p_after on, for as long as p_budget lasts. Answers the last one it
-- did when time ran out, NULL when there are no more.
--
-- Locks: those of private.note_drift(), where something drifts.
create or replace function private.reconcile_from(p_after uuid, p_budget interval, p_now timestamptz default now())
returns uuid
language plpgsql volatile security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    v_until constant timestamptz := clock_timestamp() + p_budget;
    v_org_id uuid;
begin
    for v_org_id in
        select o.id from public.organizations o where p_after is null or o.id > p_after order by o.id
    loop
        perform private.note_drift(v_org_id, p_now);
        if clock_timestamp() >= v_until then
            return v_org_id;
        end if;
    end loop;
    return null;
end
$$;

revoke execute on function private.reconcile_from(uuid, interval, timestamptz) from public, anon, authenticated, service_role;
