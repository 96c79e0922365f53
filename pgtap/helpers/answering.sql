-- Makes an organisation that answers calls: a funded wallet, a number, an agent with an assistant. Returns its id.
create or replace function tests.answering(
    p_number text default '+442071230001', p_pence bigint default 2500, p_language text default 'en-GB')
returns uuid
language plpgsql volatile security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    v_org constant uuid := tests.funded(p_pence);
    v_assistant constant text := md5('assistant' || p_number)::uuid::text;
    v_agent uuid;
begin
    insert into public.agents (org_id, name, direction, vapi_assistant_id, language)
    values (v_org, 'Anna', 'inbound', v_assistant, p_language)
    returning id into v_agent;
    insert into private.directory (kind, key, org_id) values ('vapi_assistant', v_assistant, v_org);
    insert into public.phone_number_mapping (phone_number, org_id, agent_id) values (p_number, v_org, v_agent);
    return v_org;
end
$$;
