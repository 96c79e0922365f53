-- The work of public.repair_org_membership(), account by account. Locks: each account in turn.
--
-- Raises 403 not_allowed.
create or replace function private.repair_org_membership()
returns table (user_id uuid, org_id uuid, problem text)
language plpgsql volatile security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    v_broken record;
begin
    perform private.authorize('public.repair_org_membership');

    for v_broken in
        select u.id,
               case
                   when d.org_id is null then 'no_organization'
                   when p.id is null then 'no_profile'
                   else 'wrong_claim'
               end as problem
        from auth.users u
        left join private.directory d on d.kind = 'user' and d.key = u.id::text
        left join public.profiles p on p.org_id = d.org_id and p.id = u.id
        where u.deleted_at is null
          and (p.id is null or u.raw_app_meta_data ->> 'org_id' is distinct from d.org_id::text)
        order by u.created_at, u.id
    loop
        user_id := v_broken.id;
        problem := v_broken.problem;
        begin
            org_id := private.join_organization(v_broken.id);
            perform private.send_welcome(org_id, v_broken.id) where problem = 'no_organization';
            perform private.record_security_event(
                'membership_repaired', org_id, v_broken.id, jsonb_build_object('problem', problem));
        exception when others then
            org_id := null;
            problem := problem || ': ' || sqlerrm;
        end;
        return next;
    end loop;
end
$$;

revoke execute on function private.repair_org_membership() from public, anon, authenticated, service_role;
grant execute on function private.repair_org_membership() to service_role;
