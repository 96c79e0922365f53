-- Only admins see the keys; nobody sees a hash here.
alter table public.api_keys enable row level security;
alter table public.api_keys force row level security;
revoke all on public.api_keys from public, anon, authenticated, service_role;
grant select on public.api_keys to authenticated, service_role;

drop policy if exists api_keys_select_member on public.api_keys;
create policy api_keys_select_member on public.api_keys
    for select to authenticated
    using (org_id = (select private.member_org_id()) and (select private.has_role('admin')));

drop policy if exists api_keys_select_service on public.api_keys;
create policy api_keys_select_service on public.api_keys
    for select to service_role
    using (true);
