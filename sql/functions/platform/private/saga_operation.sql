-- A saga as an operation its caller may follow; one that was undone says why.
create or replace function private.saga_operation(p_saga private.sagas)
returns public.operation
language sql stable security definer
set search_path = pg_catalog, pg_temp
as $$
    select row(
        p_saga.id, p_saga.saga,
        case p_saga.state when 'done' then 'done' when 'undone' then 'failed' else 'running' end,
        case when p_saga.state = 'undone' then (
            select jsonb_build_object('code', e.code, 'error', e.sentence) from private.error_registry e
            where e.code = p_saga.error_code)
        end,
        p_saga.created_at, p_saga.finished_at)::public.operation;
$$;

revoke execute on function private.saga_operation(private.sagas) from public, anon, authenticated, service_role;
