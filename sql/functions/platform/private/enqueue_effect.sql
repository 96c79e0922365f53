-- Puts an effect on record, in the transaction that decided it, and answers its id (an operation id for callers).
--
-- Effects with the same p_queue_key happen one after the other, in the order they were enqueued: only the head of a key
-- is ready, the others wait. p_priority is rounded up to one of the classes 10, 50, 100, 200; without it the kind's own
-- is taken. Nothing is notified here: NOTIFY would serialise commits. `voxanne.wake` tells the server, which reads it with
-- the answer, to wake its workers after the commit.
--
-- Locks: the key's last effect, for share, so that its finishing cannot miss this one; it is held until commit, so
-- enqueue last, after wallet and reservation. Raises an internal error for a kind that is not in private.effect_kinds.
create or replace function private.enqueue_effect(
    p_org_id uuid,
    p_kind text,
    p_payload jsonb,
    p_queue_key text default null,
    p_run_at timestamptz default now(),
    p_priority integer default null
)
returns uuid
language plpgsql volatile security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    v_id uuid;
    v_priority integer;
    v_waits boolean := false;
begin
    select coalesce(p_priority, k.priority) into v_priority from private.effect_kinds k where k.kind = p_kind;
    if not found then
        raise exception 'There is no effect kind %.', p_kind using errcode = 'XX000';
    end if;

    if p_queue_key is not null then
        perform from private.effects e where e.queue_key = p_queue_key order by e.id desc limit 1 for share;
        v_waits := found;
    end if;

    v_id := private.next_effect_id();
    insert into private.effects (id, org_id, kind, queue_key, priority, payload, state, run_at, created_at)
    values (
        v_id, p_org_id, p_kind, p_queue_key,
        case when v_priority <= 10 then 10 when v_priority <= 50 then 50 when v_priority <= 100 then 100 else 200 end,
        coalesce(p_payload, '{}'),
        case when v_waits then 'waiting' else 'ready' end,
        coalesce(p_run_at, now()), now());
    perform set_config('voxanne.wake', 'on', true);
    return v_id;
end
$$;

revoke execute on function private.enqueue_effect(uuid, text, jsonb, text, timestamptz, integer)
    from public, anon, authenticated, service_role;
grant execute on function private.enqueue_effect(uuid, text, jsonb, text, timestamptz, integer) to service_role;
