-- Takes back what an effect did for a saga that does not wait for it: a dead letter replayed by hand, after the saga turned back.
create or replace function private.take_back_stray(p_saga private.sagas, p_effect jsonb, p_outcome text)
returns void
language plpgsql volatile security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    v_now constant timestamptz := (p_effect ->> 'ended_at')::timestamptz;
    v_undo text;
begin
    if p_outcome <> 'done' or p_saga.state not in ('undoing', 'undone') then
        return;
    end if;
    select s.undo_effect_kind into v_undo from private.saga_steps s
    where s.saga = p_saga.saga and s.effect_kind = p_effect ->> 'kind' and s.undo_effect_kind is not null;
    if found then
        perform private.enqueue_effect(
            p_org_id => p_saga.org_id, p_kind => v_undo, p_payload => p_effect -> 'payload', p_run_at => v_now);
    end if;
end
$$;

revoke execute on function private.take_back_stray(private.sagas, jsonb, text)
    from public, anon, authenticated, service_role;
