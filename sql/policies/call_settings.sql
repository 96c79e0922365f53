-- Members read how their calls are kept.
alter table public.call_settings enable row level security;
alter table public.call_settings force row level security;
revoke all on public.call_settings from public, anon, authenticated, service_role;
grant select on public.call_settings to authenticated, service_role;

drop policy if exists call_settings_select_member on public.call_settings;
create policy call_settings_select_member on public.call_settings
    for select to authenticated
    using (org_id = (select private.member_org_id()) and (select private.has_role('user', 'agents:read')));

drop policy if exists call_settings_select_service on public.call_settings;
create policy call_settings_select_service on public.call_settings
    for select to service_role
    using (true);
