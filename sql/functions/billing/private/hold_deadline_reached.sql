-- The step after the effect billing.hold_deadline: the moment has come, whatever carried it.
--
-- Locks: the wallet, then the reservation.
create or replace function private.hold_deadline_reached(p_effect jsonb, p_outcome text, p_result jsonb)
returns void
language plpgsql volatile security definer
set search_path = pg_catalog, pg_temp
as $$
begin
    perform private.keep_hold(
        (p_effect #>> '{payload,org_id}')::uuid, (p_effect #>> '{payload,call_id}')::uuid,
        (p_effect #>> '{payload,hold_ends_at}')::timestamptz, (p_effect ->> 'ended_at')::timestamptz);
end
$$;

revoke execute on function private.hold_deadline_reached(jsonb, text, jsonb) from public, anon, authenticated, service_role;
