-- Members read what a lead is worth by default.
alter table public.lead_value_defaults enable row level security;
alter table public.lead_value_defaults force row level security;
revoke all on public.lead_value_defaults from public, anon, authenticated, service_role;
grant select on public.lead_value_defaults to authenticated, service_role;

drop policy if exists lead_value_defaults_select_member on public.lead_value_defaults;
create policy lead_value_defaults_select_member on public.lead_value_defaults
    for select to authenticated
    using (org_id = (select private.member_org_id()) and (select private.has_role('user', 'settings:read')));

drop policy if exists lead_value_defaults_select_service on public.lead_value_defaults;
create policy lead_value_defaults_select_service on public.lead_value_defaults
    for select to service_role
    using (true);
