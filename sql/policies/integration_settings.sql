-- For the operator alone: no member reads the platform's switches.
alter table public.integration_settings enable row level security;
alter table public.integration_settings force row level security;
revoke all on public.integration_settings from public, anon, authenticated, service_role;
grant select on public.integration_settings to service_role;

drop policy if exists integration_settings_select_service on public.integration_settings;
create policy integration_settings_select_service on public.integration_settings
    for select to service_role
    using (true);
