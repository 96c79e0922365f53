-- An effect of an organisation as the operation its caller follows.
create or replace function private.telephony_operation(p_org_id uuid, p_effect_id uuid)
returns public.operation
language sql stable security definer
set search_path = pg_catalog, pg_temp
as $$
    select row(
        e.id, e.kind, case e.state when 'running' then 'running' else 'queued' end, null, e.created_at, null)::public.operation
    from private.effects e
    where e.org_id = p_org_id and e.id = p_effect_id;
$$;

revoke execute on function private.telephony_operation(uuid, uuid) from public, anon, authenticated, service_role;
