-- A forwarding of the organisation, held until commit, that was not ended: by a person, or with the number it leads to.
--
-- Locks: the forwarding.
--
-- Raises 404 forwarding_config_not_found, 409 forwarding_ended.
create or replace function private.held_forwarding(p_org_id uuid, p_id uuid)
returns public.hybrid_forwarding_configs
language plpgsql volatile security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    v_config public.hybrid_forwarding_configs;
begin
    select * into v_config from public.hybrid_forwarding_configs f
    where f.org_id = p_org_id and f.id = p_id
    for update;
    if not found then
        perform private.fail('forwarding_config_not_found');
    elsif v_config.status = 'disabled' or not exists (
        select from public.phone_number_mapping m
        where m.org_id = p_org_id and m.phone_number = v_config.twilio_forwarding_number
    ) then
        perform private.fail('forwarding_ended');
    end if;
    return v_config;
end
$$;

revoke execute on function private.held_forwarding(uuid, uuid) from public, anon, authenticated, service_role;
