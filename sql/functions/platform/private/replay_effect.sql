-- Gives a dead or refused effect another life, with its old id (so a provider that already did it can tell) and all its
-- attempts. Answers whether there was one to replay.
--
-- Locks: the finished row, which goes back to the live ones.
create or replace function private.replay_effect(p_id uuid, p_now timestamptz default now())
returns boolean
language plpgsql volatile security definer
set search_path = pg_catalog, pg_temp
as $$
begin
    with gone as (
        delete from private.effects_done d where d.id = p_id and d.outcome in ('dead', 'refused') returning d.*
    )
    insert into private.effects (
        id, org_id, kind, queue_key, priority, payload, state, run_at, last_error, created_at)
    select g.id, g.org_id, g.kind, g.queue_key, g.priority, g.payload, 'ready', p_now, g.last_error, g.created_at
    from gone g;
    return found;
end
$$;

revoke execute on function private.replay_effect(uuid, timestamptz) from public, anon, authenticated, service_role;
grant execute on function private.replay_effect(uuid, timestamptz) to service_role;
