-- A number stops being the organisation's, here and at once; the providers follow. Its direction is free for another one.
--
-- Locks: those of private.unlink_number(), the number.
create or replace function private.let_number_go(p_saga private.sagas, p_result jsonb, p_now timestamptz)
returns jsonb
language plpgsql volatile security definer
set search_path = pg_catalog, pg_temp
as $$
begin
    perform private.unlink_number(
        p_saga.org_id, p_saga.facts ->> 'phone_number', p_saga.facts ->> 'vapi_phone_id', p_now);
    update public.managed_phone_numbers n set status = 'releasing', updated_at = p_now
    where n.org_id = p_saga.org_id and n.id = p_saga.subject_id;
    return '{}'::jsonb;
end
$$;

revoke execute on function private.let_number_go(private.sagas, jsonb, timestamptz)
    from public, anon, authenticated, service_role;
