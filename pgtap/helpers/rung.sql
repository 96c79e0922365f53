-- Puts a call on record as it is while it goes on, with these columns, and answers its id.
create or replace function tests.rung(p_org uuid, p_vapi_call_id text, p_values jsonb default '{}')
returns uuid
language plpgsql volatile security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    v_id constant uuid := md5(p_org || p_vapi_call_id)::uuid;
begin
    perform tests.insert_sample('public.calls', jsonb_build_object(
        'org_id', p_org, 'id', v_id, 'vapi_call_id', p_vapi_call_id, 'call_direction', 'inbound',
        'from_number', '+447700900123', 'phone_number', '+447700900123', 'created_at', tests.now()) || p_values);
    insert into private.directory (kind, key, org_id) values ('call', v_id::text, p_org);
    return v_id;
end
$$;
