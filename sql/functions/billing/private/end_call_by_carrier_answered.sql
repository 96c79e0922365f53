-- The step after the effect twilio.end_call: there is no third way, so an operator hears when this failed too.
--
-- Locks: the wallet, then the reservation.
create or replace function private.end_call_by_carrier_answered(p_effect jsonb, p_outcome text, p_result jsonb)
returns void
language plpgsql volatile security definer
set search_path = pg_catalog, pg_temp
as $$
begin
    if p_outcome = 'done' then
        perform private.hang_up_issued(p_effect -> 'payload', (p_effect ->> 'ended_at')::timestamptz);
    else
        perform private.hang_up_failed(p_effect);
    end if;
end
$$;

revoke execute on function private.end_call_by_carrier_answered(jsonb, text, jsonb)
    from public, anon, authenticated, service_role;
