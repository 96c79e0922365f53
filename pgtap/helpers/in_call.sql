-- Puts a call on record as it goes on, held by an agent of this language and with a control URL. Returns its id.
create or replace function tests.in_call(
    p_org uuid, p_vapi_call_id text default 'vapi-1', p_caller text default '+447700900123', p_language text default 'en-GB')
returns uuid
language plpgsql volatile security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    v_call constant uuid := md5(p_org || p_vapi_call_id)::uuid;
    v_agent uuid;
begin
    insert into public.agents (org_id, name, direction, language) values (p_org, 'Anna', 'inbound', p_language) returning id into v_agent;
    insert into public.calls (
        org_id, id, agent_id, call_direction, from_number, to_number, phone_number, vapi_call_id, status, created_at)
    values (p_org, v_call, v_agent, 'inbound', p_caller, '+442079460018', p_caller, p_vapi_call_id, 'in_progress', '2026-07-01 09:00+00');
    insert into private.call_lines (org_id, call_id, vapi_call_id, control_url)
    values (p_org, v_call, p_vapi_call_id, 'https://control.example/' || p_vapi_call_id);
    return v_call;
end
$$;
