-- The kind of effect a saga waits for at its present step.
create or replace function private.saga_effect_kind(p_saga private.sagas)
returns text
language sql stable security definer
set search_path = pg_catalog, pg_temp
as $$
    select case p_saga.state when 'undoing' then s.undo_effect_kind else s.effect_kind end
    from private.saga_steps s
    where s.saga = p_saga.saga and s.step = p_saga.step;
$$;

revoke execute on function private.saga_effect_kind(private.sagas) from public, anon, authenticated, service_role;
