-- What became of effects and sagas that someone waits for: only those that are finished, and within the last two days.
create or replace function private.effect_outcome(p_ids uuid[])
returns table (id uuid, outcome text, result jsonb, last_error text)
language sql stable security definer
set search_path = pg_catalog, pg_temp
as $$
    select d.id, d.outcome, d.result, d.last_error
    from private.effects_done d
    where d.id = any (p_ids) and d.finished_at > now() - interval '2 days'
    union all
    select s.id, case s.state when 'done' then 'done' else 'refused' end, null::jsonb, s.error_text
    from private.sagas s
    where s.id = any (p_ids) and s.finished_at > now() - interval '2 days';
$$;

revoke execute on function private.effect_outcome(uuid[]) from public, anon, authenticated, service_role;
grant execute on function private.effect_outcome(uuid[]) to service_role;
