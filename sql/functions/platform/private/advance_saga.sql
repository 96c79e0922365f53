-- Takes a saga's next steps: local ones at once, up to the next effect, which is put on record, or to the end.
--
-- Locks: the caller holds the wallet and the saga; then what the local steps lock, effects last.
create or replace function private.advance_saga(p_saga private.sagas, p_now timestamptz)
returns private.sagas
language plpgsql volatile security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    v_saga private.sagas := p_saga;
    v_step private.saga_steps;
begin
    loop
        select * into v_step from private.saga_steps s
        where s.saga = v_saga.saga and s.step > v_saga.step
        order by s.step
        limit 1;
        if not found then
            v_saga.state := 'done';
            v_saga.effect_id := null;
            v_saga.finished_at := p_now;
            exit;
        end if;
        v_saga.step := v_step.step;
        v_saga.failures := 0;
        if v_step.effect_kind is not null then
            v_saga.effect_id := private.order_saga_effect(v_saga, v_step.effect_kind, p_now);
            exit;
        end if;
        v_saga := private.learn(v_saga, v_step.apply, '{}', p_now);
        if v_saga.state = 'undoing' then
            return private.undo_saga(v_saga, p_now);
        end if;
    end loop;
    return private.keep_saga(v_saga, p_now);
end
$$;

revoke execute on function private.advance_saga(private.sagas, timestamptz)
    from public, anon, authenticated, service_role;
