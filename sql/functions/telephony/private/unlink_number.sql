-- Nothing rings, calls or is forwarded by way of a number any more, and its credentials are gone. The codes that end a
-- forwarding stay with it, to be dialled.
--
-- Locks: the mapping, the agents, the credentials, forwardings. Whoever holds caller IDs as well took them before.
create or replace function private.unlink_number(
    p_org_id uuid, p_phone_number text, p_vapi_phone_id text, p_now timestamptz
)
returns void
language plpgsql volatile security definer
set search_path = pg_catalog, pg_temp
as $$
begin
    delete from public.phone_number_mapping m where m.phone_number = p_phone_number and m.org_id = p_org_id;
    update public.agents a set vapi_phone_number_id = null, updated_at = p_now
    where a.org_id = p_org_id and a.vapi_phone_number_id = p_vapi_phone_id;
    delete from private.org_credentials c
    where c.org_id = p_org_id and c.provider = 'twilio' and c.phone_number = p_phone_number;
    update public.hybrid_forwarding_configs f set
        status = 'disabled', user_confirmed_setup = false, confirmed_at = null, check_effect_id = null, updated_at = p_now
    where f.org_id = p_org_id and f.twilio_forwarding_number = p_phone_number and f.status <> 'disabled';
end
$$;

revoke execute on function private.unlink_number(uuid, text, text, timestamptz)
    from public, anon, authenticated, service_role;
