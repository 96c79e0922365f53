-- What a call may be worth: the dearest of the services it spoke of or booked; with none, what the organisation says a
-- caller of that urgency is worth.
create or replace function private.call_value(p_call public.calls, p_services public.services[], p_service_id uuid)
returns bigint
language sql stable security definer
set search_path = pg_catalog, pg_temp
as $$
    select coalesce(
        greatest(
            (select max(s.price_pence) from unnest(p_services) s),
            (select s.price_pence from public.services s where s.org_id = p_call.org_id and s.id = p_service_id)),
        (select d.value_pence from public.lead_value_defaults d
         where d.org_id = p_call.org_id and d.urgency = coalesce(p_call.sentiment_urgency, 'low')),
        0);
$$;

revoke execute on function private.call_value(public.calls, public.services[], uuid) from public, anon, authenticated, service_role;
