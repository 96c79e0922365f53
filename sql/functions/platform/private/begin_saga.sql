-- Begins a saga: takes its local steps and puts the first effect on record, in the caller's transaction.
--
-- What private.saga_steps says of it happens in that order; p_subject_id is what it is about, p_facts what its steps know.
-- A local step that raises undoes everything, the saga itself included: nothing was begun.
--
-- Locks: the caller holds the wallet; then what the local steps lock.
create or replace function private.begin_saga(
    p_org_id uuid, p_saga text, p_subject_id uuid, p_facts jsonb, p_user_id uuid, p_now timestamptz
)
returns private.sagas
language plpgsql volatile security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    v_saga private.sagas;
begin
    insert into private.sagas (org_id, saga, subject_id, facts, started_by, created_at, updated_at)
    values (p_org_id, p_saga, p_subject_id, p_facts, p_user_id, p_now, p_now)
    returning * into v_saga;
    return private.advance_saga(v_saga, p_now);
end
$$;

revoke execute on function private.begin_saga(uuid, text, uuid, jsonb, uuid, timestamptz)
    from public, anon, authenticated, service_role;
