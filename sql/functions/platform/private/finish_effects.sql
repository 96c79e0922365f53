-- Records that many effects happened, in one statement: [{"id", "token", "result"}, …].
--
-- For effects that stand alone (no queue key, no continuation), which have nothing to lock in order; the others are
-- answered 'alone' and go through private.finish_effect one transaction each. Answers 'done' or 'lost' as that does.
create or replace function private.finish_effects(p_finishes jsonb, p_now timestamptz default now())
returns table (id uuid, answer text)
language plpgsql volatile security definer
set search_path = pg_catalog, pg_temp
set enable_seqscan = off
set jit = off
as $$
#variable_conflict use_column
declare
    v_done uuid[];
begin
    with finishes as materialized (
        select f.id, f.token, f.result from jsonb_to_recordset(p_finishes) as f (id uuid, token uuid, result jsonb)
    ), gone as (
        delete from private.effects e
        using finishes f, private.effect_kinds k
        where e.id = f.id and e.lease_token = f.token and e.queue_key is null
          and k.kind = e.kind and k.continuation is null
        returning e.*, case when k.result_kept then f.result end as result
    ), kept as (
        insert into private.effects_done (
            id, org_id, kind, queue_key, priority, payload, outcome, result, last_error, attempts, lease_token, run_at,
            created_at, finished_at)
        select g.id, g.org_id, g.kind, g.queue_key, g.priority, g.payload, 'done', g.result, g.last_error, g.attempts,
               g.lease_token, g.run_at, g.created_at, p_now
        from gone g
        returning id
    )
    select coalesce(array_agg(k.id), '{}') into v_done from kept k;

    return query
    select f.id,
           case when f.id = any (v_done) then 'done'
                when exists (select from private.effects e where e.id = f.id and e.lease_token = f.token) then 'alone'
                when exists (select from private.effects_done d where d.id = f.id and d.lease_token = f.token) then 'done'
                else 'lost' end
    from jsonb_to_recordset(p_finishes) as f (id uuid, token uuid);
end
$$;

revoke execute on function private.finish_effects(jsonb, timestamptz) from public, anon, authenticated, service_role;
grant execute on function private.finish_effects(jsonb, timestamptz) to service_role;
