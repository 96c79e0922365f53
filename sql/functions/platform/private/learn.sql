-- Runs the local function of a step, and adds to the saga's facts what it answers; one that answers `refused` turns the saga back.
create or replace function private.learn(p_saga private.sagas, p_function text, p_result jsonb, p_now timestamptz)
returns private.sagas
language plpgsql volatile security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    v_saga private.sagas := p_saga;
    v_facts jsonb;
begin
    if p_function is null then
        return v_saga;
    end if;
    execute format('select private.%I($1, $2, $3)', p_function) into v_facts using p_saga, p_result, p_now;
    if v_facts ? 'refused' then
        return private.saga_refused(v_saga, v_facts ->> 'refused', v_facts ->> 'said');
    end if;
    v_saga.facts := v_saga.facts || coalesce(v_facts, '{}');
    return v_saga;
end
$$;

revoke execute on function private.learn(private.sagas, text, jsonb, timestamptz)
    from public, anon, authenticated, service_role;
