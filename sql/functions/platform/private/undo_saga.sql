-- Takes back a saga's steps, the latest first and its present one included: what that did is not known, or is nothing.
--
-- To take back what was never done does nothing: executors look first, local functions find nothing. Locks: as
-- private.advance_saga().
create or replace function private.undo_saga(p_saga private.sagas, p_now timestamptz)
returns private.sagas
language plpgsql volatile security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    v_saga private.sagas := p_saga;
    v_step private.saga_steps;
begin
    v_saga.state := 'undoing';
    v_saga.failures := 0;
    loop
        select * into v_step from private.saga_steps s
        where s.saga = v_saga.saga and s.step <= v_saga.step and s.undo_about is not null
        order by s.step desc
        limit 1;
        if not found then
            v_saga.state := 'undone';
            v_saga.step := 0;
            v_saga.effect_id := null;
            v_saga.finished_at := p_now;
            exit;
        end if;
        v_saga.step := v_step.step;
        if v_step.undo_effect_kind is not null then
            v_saga.effect_id := private.order_saga_effect(v_saga, v_step.undo_effect_kind, p_now);
            exit;
        end if;
        v_saga := private.learn(v_saga, v_step.undo_apply, '{}', p_now);
        v_saga.step := v_saga.step - 1;
    end loop;
    return private.keep_saga(v_saga, p_now);
end
$$;

revoke execute on function private.undo_saga(private.sagas, timestamptz) from public, anon, authenticated, service_role;
