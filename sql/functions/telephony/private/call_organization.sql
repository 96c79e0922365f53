-- Whose call it is: the organisation the called number belonged to when it rang, whatever becomes of the number meanwhile.
--
-- NULL when nobody has the number and the call was never heard of.
create or replace function private.call_organization(p_vapi_call_id text, p_called_number text)
returns uuid
language plpgsql volatile security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    v_org_id uuid;
begin
    insert into private.directory as d (kind, key, org_id)
    select 'vapi_call', p_vapi_call_id, m.org_id from public.phone_number_mapping m where m.phone_number = p_called_number
    on conflict (kind, key) do nothing
    returning d.org_id into v_org_id;
    if v_org_id is null then
        select d.org_id into v_org_id from private.directory d where d.kind = 'vapi_call' and d.key = p_vapi_call_id;
    end if;
    return v_org_id;
end
$$;

revoke execute on function private.call_organization(text, text) from public, anon, authenticated, service_role;
grant execute on function private.call_organization(text, text) to service_role;
