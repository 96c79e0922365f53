-- Only admins see who is invited.
alter table public.org_invitations enable row level security;
alter table public.org_invitations force row level security;
revoke all on public.org_invitations from public, anon, authenticated, service_role;
grant select on public.org_invitations to authenticated, service_role;

drop policy if exists org_invitations_select_member on public.org_invitations;
create policy org_invitations_select_member on public.org_invitations
    for select to authenticated
    using (org_id = (select private.member_org_id()) and (select private.has_role('admin')));

drop policy if exists org_invitations_select_service on public.org_invitations;
create policy org_invitations_select_service on public.org_invitations
    for select to service_role
    using (true);
