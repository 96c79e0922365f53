-- The work of public.placed_call().
--
-- Raises 404 operation_not_found, 502 call_not_placed, and what private.authorize() raises.
create or replace function private.placed_call(p_operation_id uuid)
returns public.placed_call
language plpgsql stable security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    v_caller constant private.caller := private.authorize('public.placed_call');
    v_call public.calls;
begin
    select c.* into v_call
    from (
        select e.payload from private.effects e
        where e.id = p_operation_id and e.org_id = v_caller.org_id and e.kind = 'vapi.create_call'
        union all
        select d.payload from private.effects_done d
        where d.id = p_operation_id and d.org_id = v_caller.org_id and d.kind = 'vapi.create_call'
    ) as o
    join public.calls c on c.org_id = v_caller.org_id and c.id = (o.payload ->> 'call_id')::uuid;
    if not found then
        perform private.fail('operation_not_found');
    elsif v_call.ended_reason = 'call-not-placed' then
        perform private.fail('call_not_placed');
    end if;
    return (v_call.id, v_call.vapi_call_id, v_call.to_number, 'initiated')::public.placed_call;
end
$$;

revoke execute on function private.placed_call(uuid) from public, anon, authenticated, service_role;
grant execute on function private.placed_call(uuid) to authenticated;
