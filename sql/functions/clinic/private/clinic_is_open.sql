-- Whether the clinic is there at a moment: by the hours of the agent that answers, else by when anybody sees patients.
create or replace function private.clinic_is_open(p_call public.calls, p_at timestamptz)
returns boolean
language plpgsql stable security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    v_hours jsonb;
begin
    select a.business_hours into v_hours from public.agents a where a.org_id = p_call.org_id and a.id = p_call.agent_id;
    if v_hours <> '{}' then
        return private.is_within_hours(v_hours, private.zone_of(p_call.org_id), p_at);
    end if;
    return exists (
        select from private.diary(private.visit_of(p_call.org_id, null, null), p_at, p_at + interval '1 minute') as d
        where d.hours @> p_at);
end
$$;

revoke execute on function private.clinic_is_open(public.calls, timestamptz) from public, anon, authenticated, service_role;
