-- Tells the organisation's open screens that the number works.
create or replace function private.number_linked(p_saga private.sagas, p_result jsonb, p_now timestamptz)
returns jsonb
language plpgsql volatile security definer
set search_path = pg_catalog, pg_temp
as $$
begin
    perform private.emit_event(p_saga.org_id, 'telephony.number_active', jsonb_build_object(
        'phone_number', p_saga.facts ->> 'phone_number', 'direction', p_saga.facts ->> 'routing_direction'));
    return '{}'::jsonb;
end
$$;

revoke execute on function private.number_linked(private.sagas, jsonb, timestamptz)
    from public, anon, authenticated, service_role;
