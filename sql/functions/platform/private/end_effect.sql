-- Takes an effect's last step: its kind's continuation first, its own row last, then the next of its key.
--
-- The other order deadlocks with settlement: a continuation may lock wallet and reservation, which come before effects.
-- The row goes only if it is still as the caller saw it; else everything is undone (serialization_failure) and the
-- caller tries again. Whoever cancels knows: no continuation is called. A dead letter stays dead though its continuation
-- fails, which is noted beside the error; only a lock conflict there is raised, to be tried again. Time is a parameter for
-- continuations too: they find p_now as `ended_at` in the effect.
--
-- The next of the key is the first of it that does not run. It is made ready. If it was ready already (enqueued while
-- the one before it was not committed yet), it is due anew, because workers may have passed it over.
--
-- Locks: what the continuation locks, the effect, the next effect of its key.
create or replace function private.end_effect(
    p_effect private.effects, p_outcome text, p_result jsonb, p_error text, p_now timestamptz)
returns void
language plpgsql volatile security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    v_continuation text;
    v_kept boolean;
    v_error text := p_error;
begin
    select k.continuation, k.result_kept into v_continuation, v_kept
    from private.effect_kinds k
    where k.kind = p_effect.kind;
    if v_continuation is not null and p_outcome <> 'cancelled' then
        begin
            execute format('select private.%I($1, $2, $3)', v_continuation)
            using to_jsonb(p_effect) || jsonb_build_object('last_error', p_error, 'ended_at', p_now), p_outcome, p_result;
        exception when others then
            if p_outcome <> 'dead' or sqlstate in ('40001', '40P01', '55P03') then
                raise;
            end if;
            v_error := concat_ws('; ', p_error, format('%s: %s', v_continuation, sqlerrm));
        end;
    end if;

    delete from private.effects e
    where e.id = p_effect.id and e.lease_token is not distinct from p_effect.lease_token and e.state = p_effect.state;
    if not found then
        raise exception 'Effect % changed while it was being finished.', p_effect.id using errcode = 'serialization_failure';
    end if;
    insert into private.effects_done (
        id, org_id, kind, queue_key, priority, payload, outcome, result, last_error, attempts, lease_token, run_at,
        created_at, finished_at)
    values (
        p_effect.id, p_effect.org_id, p_effect.kind, p_effect.queue_key, p_effect.priority, p_effect.payload, p_outcome,
        case when v_kept is not false then p_result end, v_error, p_effect.attempts, p_effect.lease_token, p_effect.run_at,
        p_effect.created_at, p_now);

    if p_effect.queue_key is not null and p_effect.state <> 'waiting' then
        update private.effects e set state = 'ready', run_at = greatest(e.run_at, p_now)
        where e.id = (
            select n.id from private.effects n
            where n.queue_key = p_effect.queue_key and n.state in ('waiting', 'ready')
            order by n.id
            limit 1
            for update);
    end if;
end
$$;

revoke execute on function private.end_effect(private.effects, text, jsonb, text, timestamptz)
    from public, anon, authenticated, service_role;
