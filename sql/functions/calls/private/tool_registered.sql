-- The step after the effect vapi.register_tool: the tool is at Vapi, or it is not and every agent that uses it shows that.
--
-- The definitions before this one are retired: they stay until no call can be using them (private.drop_old_tools()). Every
-- organisation is linked anew. What was registered for a definition that is no longer the tool's is retired at once.
--
-- Locks: the tool's registrations, by hash; then enqueues.
create or replace function private.tool_registered(p_effect jsonb, p_outcome text, p_result jsonb)
returns void
language plpgsql volatile security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    v_now constant timestamptz := (p_effect ->> 'ended_at')::timestamptz;
    v_name constant text := p_effect #>> '{payload,tool_name}';
    v_hash constant text := p_effect #>> '{payload,definition_hash}';
    v_current boolean;
    v_old private.tool_registrations;
begin
    perform from private.tool_registrations r where r.tool_name = v_name order by r.definition_hash for update;
    select * into v_old from private.tool_registrations r where r.tool_name = v_name and r.definition_hash = v_hash;
    v_current := exists (
        select from public.tool_definitions d where d.name = v_name and d.definition_hash = v_hash);
    if p_outcome <> 'done' then
        update private.tool_registrations r set
            state = case when r.state = 'pending' then 'failed' else r.state end,
            error = left(p_effect ->> 'last_error', 500), updated_at = v_now
        where r.tool_name = v_name and r.definition_hash = v_hash;
        return;
    end if;

    update private.tool_registrations r set
        vapi_tool_id = p_result ->> 'vapi_tool_id', error = null, updated_at = v_now,
        state = case when v_current then 'registered' else 'retired' end
    where r.tool_name = v_name and r.definition_hash = v_hash;
    if v_current then
        update private.tool_registrations r set state = 'retired', updated_at = v_now
        where r.tool_name = v_name and r.definition_hash <> v_hash and r.vapi_tool_id is not null and r.state <> 'retired';
        if v_old.state is distinct from 'registered' or v_old.vapi_tool_id is distinct from p_result ->> 'vapi_tool_id' then
            perform private.order_relink(v_now);
        end if;
    end if;
end
$$;

revoke execute on function private.tool_registered(jsonb, text, jsonb) from public, anon, authenticated, service_role;
