-- The organisation's own account is used no more, and its keys are gone for good; the providers follow.
--
-- Locks: the organisation, its caller IDs, those of private.unlink_number(): caller IDs before what forwards through them, as
-- everywhere.
create or replace function private.forget_own_account(p_saga private.sagas, p_result jsonb, p_now timestamptz)
returns jsonb
language plpgsql volatile security definer
set search_path = pg_catalog, pg_temp
as $$
begin
    update public.organizations o set telephony_mode = 'none', updated_at = p_now
    where o.id = p_saga.org_id and o.telephony_mode = 'byoc';
    if found then
        perform private.forget_caller_ids(p_saga.org_id, p_now);
    end if;
    perform private.unlink_number(
        p_saga.org_id, p_saga.facts ->> 'phone_number', p_saga.facts ->> 'vapi_phone_id', p_now);
    delete from private.org_credentials c where c.org_id = p_saga.org_id and c.id = p_saga.subject_id;
    return '{}'::jsonb;
end
$$;

revoke execute on function private.forget_own_account(private.sagas, jsonb, timestamptz)
    from public, anon, authenticated, service_role;
