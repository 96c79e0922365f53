-- Adds a member with this role to an organisation, the way one joins: invited, then signed up. Returns the user's id.
create or replace function tests.user(p_org uuid, p_role text default 'user')
returns uuid
language plpgsql volatile security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    v_email constant text := tests.email(p_role);
begin
    insert into public.org_invitations (org_id, email, role, expires_at)
    values (p_org, v_email, p_role, now() + interval '7 days');
    insert into private.directory (kind, key, org_id) values ('invited_email', v_email, p_org);
    return tests.sign_up(v_email, jsonb_build_object('full_name', initcap(p_role)));
end
$$;
