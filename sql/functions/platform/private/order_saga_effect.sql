-- Puts the effect of a saga's step on record: it is told all that the saga knows.
create or replace function private.order_saga_effect(p_saga private.sagas, p_kind text, p_run_at timestamptz)
returns uuid
language plpgsql volatile security definer
set search_path = pg_catalog, pg_temp
as $$
begin
    return private.enqueue_effect(
        p_org_id => p_saga.org_id,
        p_kind => p_kind,
        p_payload => p_saga.facts || jsonb_build_object('org_id', p_saga.org_id, 'saga_id', p_saga.id),
        p_run_at => p_run_at);
end
$$;

revoke execute on function private.order_saga_effect(private.sagas, text, timestamptz)
    from public, anon, authenticated, service_role;
