-- The lead that a call is, once a call: how far it has come and what it may be worth. Where better word says that nobody was
-- reached after all, there is none.
--
-- Locks: the lead.
create or replace function private.keep_lead(p_call public.calls, p_score integer, p_connected boolean, p_now timestamptz)
returns void
language plpgsql volatile security definer
set search_path = pg_catalog, pg_temp
as $$
begin
    if not p_connected then
        delete from public.leads l where l.org_id = p_call.org_id and l.call_id = p_call.id;
        return;
    end if;
    insert into public.leads as l (org_id, contact_id, call_id, stage, value_pence, source, created_at, updated_at)
    values (
        p_call.org_id, p_call.contact_id, p_call.id,
        case when p_call.booking_confirmed then 'booked'
             when p_call.call_direction = 'outbound' then 'contacted'
             else private.temperature(p_score) end,
        p_call.financial_value_pence, p_call.call_direction || '_call', p_now, p_now)
    on conflict (org_id, call_id) do update set
        contact_id = excluded.contact_id, stage = excluded.stage, value_pence = excluded.value_pence, updated_at = p_now
    where row(l.contact_id, l.stage, l.value_pence) is distinct from row(excluded.contact_id, excluded.stage, excluded.value_pence);
end
$$;

revoke execute on function private.keep_lead(public.calls, integer, boolean, timestamptz)
    from public, anon, authenticated, service_role;
