-- For the operator: makes an organisation's counts of calls right again and answers how many quarters were not. What is
-- missing is noted like any other change, so calls go on meanwhile.
--
-- Locks: the organisation, so that two do not put the same thing right twice.
create or replace function private.recount_calls(p_org_id uuid)
returns bigint
language plpgsql volatile security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    v_count bigint;
begin
    perform from public.organizations o where o.id = p_org_id for no key update;
    insert into private.call_deltas (
        org_id, quarter, direction, calls, completed, booked, seconds, timed, sentiment, felt, value_pence, connected, engaged)
    select d.* from private.call_count_drift(p_org_id) d;
    get diagnostics v_count = row_count;
    return v_count;
end
$$;

revoke execute on function private.recount_calls(uuid) from public, anon, authenticated, service_role;
grant execute on function private.recount_calls(uuid) to service_role;
