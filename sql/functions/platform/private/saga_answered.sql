-- The step after every effect of a saga: the next one, or the way back.
--
-- What a provider answers is added to the saga's facts; what is sealed goes to the step's own function alone. A provider's
-- no, and tries that are used up, turn the saga back, the present step included, since what it did may be unknown. A step
-- back that fails, and a step of a saga that only goes forward, are tried for ever, and an operator hears of it.
--
-- Locks: the wallet, the saga, what local steps lock, effects last.
create or replace function private.saga_answered(p_effect jsonb, p_outcome text, p_result jsonb)
returns void
language plpgsql volatile security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    v_org_id constant uuid := (p_effect #>> '{payload,org_id}')::uuid;
    v_now constant timestamptz := (p_effect ->> 'ended_at')::timestamptz;
    v_failed constant boolean := p_outcome <> 'done' or coalesce(p_result ? 'refused', false);
    v_saga private.sagas;
    v_step private.saga_steps;
begin
    perform private.lock_wallet(v_org_id);
    select * into v_saga from private.sagas s
    where s.org_id = v_org_id and s.id = (p_effect #>> '{payload,saga_id}')::uuid
    for update;
    if v_saga.effect_id is distinct from (p_effect ->> 'id')::uuid then
        perform private.take_back_stray(v_saga, p_effect, p_outcome);
        return;
    end if;

    select * into v_step from private.saga_steps s where s.saga = v_saga.saga and s.step = v_saga.step;
    if v_failed and (v_saga.state = 'undoing' or v_step.on_failure = 'again') then
        perform private.try_saga_again(v_saga, v_step, p_effect);
    elsif v_saga.state = 'undoing' then
        v_saga := private.learn(v_saga, v_step.undo_apply, p_result, v_now);
        v_saga.step := v_saga.step - 1;
        perform private.undo_saga(v_saga, v_now);
    elsif p_outcome <> 'done' then
        perform private.undo_saga(private.saga_refused(v_saga, 'provider_refused', p_effect ->> 'last_error'), v_now);
    elsif p_result ? 'refused' then
        perform private.undo_saga(private.saga_refused(v_saga, p_result ->> 'refused', p_result ->> 'said'), v_now);
    else
        v_saga.facts := v_saga.facts || (coalesce(p_result, '{}') - array['sealed', 'key_version']);
        v_saga := private.learn(v_saga, v_step.apply, p_result, v_now);
        if v_saga.state = 'undoing' then
            perform private.undo_saga(v_saga, v_now);
        else
            perform private.advance_saga(v_saga, v_now);
        end if;
    end if;
end
$$;

revoke execute on function private.saga_answered(jsonb, text, jsonb) from public, anon, authenticated, service_role;
