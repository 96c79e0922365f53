-- An agent did something while the report of its call overtook it: what follows from it is made anew, so that the record is
-- the one that would be there had the report come last.
--
-- Locks: the call's record, and the call, which the caller holds; then as private.complete_record().
create or replace function private.record_overtaken_tools(p_call public.calls, p_now timestamptz)
returns void
language plpgsql volatile security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    v_record private.call_records;
    v_before public.calls;
    v_call public.calls;
begin
    select * into v_record
    from private.call_records r
    where r.org_id = p_call.org_id and r.call_id = p_call.id and r.rank is not null
    for no key update;
    if not found then
        return;
    end if;
    select * into strict v_before from public.calls c where c.org_id = p_call.org_id and c.id = p_call.id for no key update;
    v_call := v_before;
    v_call.tools_used := private.tools_used(v_before, '{}');
    perform private.complete_record(v_before, v_call, v_record, p_now);
end
$$;

revoke execute on function private.record_overtaken_tools(public.calls, timestamptz)
    from public, anon, authenticated, service_role;
