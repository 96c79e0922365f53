-- The work of public.get_operation(): of an effect, or of a saga.
--
-- The result is shown where the kind says so; what a provider said when it refused stays inside.
--
-- Raises 404 operation_not_found, and what private.authorize() raises.
create or replace function private.get_operation(p_id uuid)
returns public.operation
language plpgsql stable security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    v_caller constant private.caller := private.authorize('public.get_operation');
    v_operation public.operation;
begin
    select e.id, e.kind, case e.state when 'running' then 'running' else 'queued' end, null::jsonb, e.created_at, null::timestamptz
    into v_operation
    from private.effects e
    where e.id = p_id and e.org_id = v_caller.org_id;
    if not found then
        select d.id, d.kind, case d.outcome when 'done' then 'done' when 'cancelled' then 'cancelled' else 'failed' end,
               case when k.result_for_callers and d.outcome = 'done' then d.result end, d.created_at, d.finished_at
        into v_operation
        from private.effects_done d
        left join private.effect_kinds k on k.kind = d.kind
        where d.id = p_id and d.org_id = v_caller.org_id;
    end if;
    if v_operation.id is null then
        select o.* into v_operation
        from private.sagas s, private.saga_operation(s) o
        where s.org_id = v_caller.org_id and s.id = p_id;
    end if;
    if v_operation.id is null then
        perform private.fail('operation_not_found');
    end if;

    return v_operation;
end
$$;

revoke execute on function private.get_operation(uuid) from public, anon, authenticated, service_role;
grant execute on function private.get_operation(uuid) to authenticated;
