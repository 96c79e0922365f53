-- The providers have let go of it too: nobody pays for the number any more. Locks: the number.
create or replace function private.number_released(p_saga private.sagas, p_result jsonb, p_now timestamptz)
returns jsonb
language plpgsql volatile security definer
set search_path = pg_catalog, pg_temp
as $$
begin
    update public.managed_phone_numbers n set status = 'released', released_at = p_now, updated_at = p_now
    where n.org_id = p_saga.org_id and n.id = p_saga.subject_id;
    perform private.emit_event(p_saga.org_id, 'telephony.number_released', jsonb_build_object(
        'phone_number', p_saga.facts ->> 'phone_number'));
    return '{}'::jsonb;
end
$$;

revoke execute on function private.number_released(private.sagas, jsonb, timestamptz)
    from public, anon, authenticated, service_role;
