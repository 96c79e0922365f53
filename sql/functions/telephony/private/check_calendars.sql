-- Every hour: has each connected calendar's token tried once a day, at an organisation's own moment of the hour.
--
-- One that could not be tried is due again in the next hour. A token that is dead is not tried: only its owner can
-- give a new one.
create or replace function private.check_calendars(p_now timestamptz default now())
returns text
language plpgsql volatile security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    v_credential private.org_credentials;
    v_key text;
    v_count integer := 0;
begin
    for v_credential in
        select c.*
        from private.oauth_providers p
        join private.org_credentials c on c.provider = p.provider and c.type = 'default'
        join public.organizations o on o.id = c.org_id and o.suspended_at is null
        where c.is_active and c.last_verified_at <= p_now - interval '23 hours'
        order by c.org_id, c.provider
    loop
        v_key := format('oauth.check:%s:%s', v_credential.org_id, v_credential.provider);
        continue when exists (select from private.effects e where e.queue_key = v_key);
        perform private.enqueue_effect(
            p_org_id => v_credential.org_id,
            p_kind => 'oauth.check',
            p_payload => jsonb_build_object(
                'org_id', v_credential.org_id, 'provider', v_credential.provider, 'credential_id', v_credential.id),
            p_queue_key => v_key,
            p_run_at => p_now + mod(abs(hashtext(v_credential.org_id::text)::bigint), 3600) * interval '1 second');
        v_count := v_count + 1;
    end loop;
    return format('%s calendars to try', v_count);
end
$$;

revoke execute on function private.check_calendars(timestamptz) from public, anon, authenticated, service_role;
grant execute on function private.check_calendars(timestamptz) to service_role;
