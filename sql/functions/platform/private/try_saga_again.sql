-- Tries the effect a saga waits for again after a pause, five minutes at first and six hours at most, and tells the operator.
--
-- Nothing at a provider is left to itself: a number that could not be released is paid for until it is.
create or replace function private.try_saga_again(p_saga private.sagas, p_step private.saga_steps, p_effect jsonb)
returns void
language plpgsql volatile security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    v_now constant timestamptz := (p_effect ->> 'ended_at')::timestamptz;
    v_saga private.sagas := p_saga;
    v_pause constant interval := least(interval '5 minutes' * power(2, least(p_saga.failures, 10)), interval '6 hours');
begin
    v_saga.failures := v_saga.failures + 1;
    v_saga.effect_id := private.order_saga_effect(v_saga, p_effect ->> 'kind', v_now + v_pause);
    perform private.keep_saga(v_saga, v_now);
    perform private.alert(
        v_saga.org_id, 'saga_stuck',
        format(
            'The saga %s (%s) cannot get past "%s": %s It is tried again at %s.',
            v_saga.saga, v_saga.id,
            case v_saga.state when 'undoing' then p_step.undo_about else p_step.about end,
            coalesce(p_effect ->> 'last_error', 'no answer.'),
            to_char(v_now + v_pause, 'YYYY-MM-DD HH24:MI')),
        v_now);
end
$$;

revoke execute on function private.try_saga_again(private.sagas, private.saga_steps, jsonb)
    from public, anon, authenticated, service_role;
