-- Tells the operator that a call could be ended in neither way.
create or replace function private.hang_up_failed(p_effect jsonb)
returns void
language plpgsql volatile security definer
set search_path = pg_catalog, pg_temp
as $$
begin
    perform private.alert(
        (p_effect #>> '{payload,org_id}')::uuid, 'call_not_ended',
        format('The call %s could not be ended: %s. Its cap is all that limits it now.',
               p_effect #>> '{payload,call_id}', coalesce(rtrim(p_effect ->> 'last_error', '.'), 'no reason given')),
        (p_effect ->> 'ended_at')::timestamptz);
end
$$;

revoke execute on function private.hang_up_failed(jsonb) from public, anon, authenticated, service_role;
