-- Notes that an object outside belongs to an organisation, for ever; what belongs to another one is an internal error.
create or replace function private.own_outside(p_kind text, p_key text, p_org_id uuid)
returns void
language plpgsql volatile security definer
set search_path = pg_catalog, pg_temp
as $$
begin
    if not private.claim_outside(p_kind, p_key, p_org_id) then
        raise exception 'The % % belongs to another organisation.', p_kind, p_key using errcode = 'XX000';
    end if;
end
$$;

revoke execute on function private.own_outside(text, text, uuid) from public, anon, authenticated, service_role;
