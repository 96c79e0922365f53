-- Notes that an object outside belongs to an organisation, for ever; what belongs to another one is an internal error.
create or replace function private.own_outside(p_kind text, p_key text, p_org_id uuid)
returns void
language plpgsql volatile security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    v_owner uuid;
begin
    insert into private.directory (kind, key, org_id) values (p_kind, p_key, p_org_id) on conflict (kind, key) do nothing;
    select d.org_id into v_owner from private.directory d where d.kind = p_kind and d.key = p_key;
    if v_owner is distinct from p_org_id then
        raise exception 'The % % belongs to another organisation.', p_kind, p_key using errcode = 'XX000';
    end if;
end
$$;

revoke execute on function private.own_outside(text, text, uuid) from public, anon, authenticated, service_role;
