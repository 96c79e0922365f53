-- Refuses to let an organisation lose its last active admin.
--
-- Locks: the profiles of the organisation's active admins, by id, so that two admins removing each other at once meet here
-- and the second is refused.
--
-- Raises 409 last_admin.
create or replace function private.keep_an_admin(p_org_id uuid, p_leaving uuid)
returns void
language plpgsql volatile security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    v_admins uuid[];
begin
    v_admins := array(
        select a.id
        from (select p.id from public.profiles p
              where p.org_id = p_org_id and p.role = 'admin' and p.status = 'active'
              order by p.id
              for no key update) as a);
    if v_admins = array[p_leaving] then
        perform private.fail('last_admin');
    end if;
end
$$;

revoke execute on function private.keep_an_admin(uuid, uuid) from public, anon, authenticated, service_role;
