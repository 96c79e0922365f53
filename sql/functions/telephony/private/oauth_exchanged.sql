-- The step after the effect oauth.exchange: the calendar is connected, or nothing has changed. Either way the code is gone.
--
-- The provider's own no is a result with `refused`; whoever waits for the effect reads it there.
--
-- Locks: the flow, then those of private.connect_calendar().
create or replace function private.oauth_exchanged(p_effect jsonb, p_outcome text, p_result jsonb)
returns void
language plpgsql volatile security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    v_org_id constant uuid := (p_effect #>> '{payload,org_id}')::uuid;
begin
    update private.oauth_flows f set encrypted_code = null
    where f.org_id = v_org_id and f.id = (p_effect #>> '{payload,flow_id}')::uuid;
    if p_outcome = 'done' and not p_result ? 'refused' then
        perform private.connect_calendar(
            v_org_id, p_effect #>> '{payload,provider}', p_result ->> 'connected_email',
            decode(p_result ->> 'sealed', 'base64'), (p_result ->> 'key_version')::integer,
            (p_effect ->> 'ended_at')::timestamptz);
    end if;
end
$$;

revoke execute on function private.oauth_exchanged(jsonb, text, jsonb) from public, anon, authenticated, service_role;
