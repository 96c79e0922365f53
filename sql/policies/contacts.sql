-- Members read their organisation's contacts.
alter table public.contacts enable row level security;
alter table public.contacts force row level security;
revoke all on public.contacts from public, anon, authenticated, service_role;
grant select on public.contacts to authenticated, service_role;

drop policy if exists contacts_select_member on public.contacts;
create policy contacts_select_member on public.contacts
    for select to authenticated
    using (org_id = (select private.member_org_id()) and (select private.has_role('user', 'contacts:read')));

drop policy if exists contacts_select_service on public.contacts;
create policy contacts_select_service on public.contacts
    for select to service_role
    using (true);
