-- Writes down where a saga stands; its end is told to the organisation's open screens.
create or replace function private.keep_saga(p_saga private.sagas, p_now timestamptz)
returns private.sagas
language plpgsql volatile security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    v_saga private.sagas;
begin
    update private.sagas s set
        state = p_saga.state, step = p_saga.step, facts = p_saga.facts, effect_id = p_saga.effect_id,
        failures = p_saga.failures, error_code = p_saga.error_code, error_text = p_saga.error_text,
        finished_at = p_saga.finished_at, updated_at = p_now
    where s.org_id = p_saga.org_id and s.id = p_saga.id
    returning s.* into v_saga;
    if v_saga.finished_at is not null then
        perform private.emit_event(v_saga.org_id, 'operation.finished', jsonb_build_object(
            'operation_id', v_saga.id, 'kind', v_saga.saga, 'done', v_saga.state = 'done'));
    end if;
    return v_saga;
end
$$;

revoke execute on function private.keep_saga(private.sagas, timestamptz) from public, anon, authenticated, service_role;
