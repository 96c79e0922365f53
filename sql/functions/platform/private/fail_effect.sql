-- Records that an attempt failed: tries again later, or gives up.
--
-- p_verdict 'refused' means the provider said no for good. 'retry' tries again after p_retry_after (at most a day) or
-- the kind's back-off, until the kind's last attempt; then the effect is a dead letter and the operator hears of it.
-- Answers 'retry', 'refused', 'dead', or 'lost' when the lease went to someone else; a repeated call answers what became
-- of the effect.
--
-- Locks: as private.end_effect; the alert's row.
create or replace function private.fail_effect(
    p_id uuid,
    p_token uuid,
    p_error text,
    p_verdict text default 'retry',
    p_retry_after interval default null,
    p_now timestamptz default now()
)
returns text
language plpgsql volatile security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    v_effect private.effects;
    v_kind private.effect_kinds;
    v_error text := left(coalesce(p_error, 'no reason given'), 2000);
begin
    select * into v_effect from private.effects e where e.id = p_id and e.lease_token = p_token;
    if not found then
        return coalesce(
            (select d.outcome from private.effects_done d where d.id = p_id and d.lease_token = p_token), 'lost');
    end if;
    select * into strict v_kind from private.effect_kinds k where k.kind = v_effect.kind;

    if p_verdict = 'refused' then
        perform private.end_effect(v_effect, 'refused', null, v_error, p_now);
        return 'refused';
    end if;
    if v_effect.attempts >= v_kind.max_attempts then
        perform private.bury_effect(v_effect, v_error, p_now);
        return 'dead';
    end if;

    update private.effects e set
        state = 'ready', lease_token = null, lease_until = null, worker = null, last_error = v_error,
        run_at = p_now + case when p_retry_after is null then private.backoff(v_kind, v_effect.attempts)
                              else least(p_retry_after, interval '1 day') end
    where e.id = p_id and e.lease_token = p_token;
    return case when found then 'retry' else 'lost' end;
end
$$;

revoke execute on function private.fail_effect(uuid, uuid, text, text, interval, timestamptz)
    from public, anon, authenticated, service_role;
grant execute on function private.fail_effect(uuid, uuid, text, text, interval, timestamptz) to service_role;
