-- How an organisation's telephony stands: its own Twilio account, or numbers managed for it, or nothing.
--
-- An own account that is being connected is so until the saga's end. Managed numbers are well while the subaccount
-- is, which is looked at each night (private.subaccount_checked()).
create or replace function private.twilio_integration(p_org_id uuid)
returns public.integration_state
language sql stable security definer
set search_path = pg_catalog, pg_temp
as $$
    select case
        when c.id is not null and i.status is distinct from 'connected' and (s.saga).id is not null then
            row('twilio', 'connecting', null, c.phone_number, null, false, null, null)::public.integration_state
        when c.id is not null then
            row('twilio', i.status, i.account_label, c.phone_number, i.connected_at, i.status = 'connected', i.last_checked_at,
                i.last_error)::public.integration_state
        when n.phone_number is not null then
            row('twilio', case when a.status <> 'active' then 'error' else 'connected' end, 'Voxanne', n.phone_number, n.created_at,
                a.status is not distinct from 'active', a.updated_at,
                case when a.status <> 'active' then e.sentence end)::public.integration_state
        else
            row('twilio', coalesce(i.status, 'disconnected'), null, null, null, false, i.last_checked_at,
                i.last_error)::public.integration_state
    end
    from (values (p_org_id)) as o (id)
    left join public.integrations i on i.org_id = o.id and i.provider = 'twilio'
    left join private.org_credentials c on c.org_id = o.id and c.provider = 'twilio' and c.type = 'default'
    left join private.twilio_subaccounts a on a.org_id = o.id
    left join private.error_registry e on e.code = 'twilio_account_inactive'
    left join lateral (select private.own_account_saga(o.id)) as s (saga) on true
    left join lateral (
        select m.phone_number, m.created_at from public.managed_phone_numbers m
        where m.org_id = o.id and m.status = 'active'
        order by m.routing_direction, m.created_at
        limit 1
    ) as n on true;
$$;

revoke execute on function private.twilio_integration(uuid) from public, anon, authenticated, service_role;
