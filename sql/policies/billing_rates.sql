-- What a minute costs is no secret.
alter table public.billing_rates enable row level security;
alter table public.billing_rates force row level security;
revoke all on public.billing_rates from public, anon, authenticated, service_role;
grant select on public.billing_rates to authenticated, service_role;

drop policy if exists billing_rates_select_member on public.billing_rates;
create policy billing_rates_select_member on public.billing_rates
    for select to authenticated
    using (true);

drop policy if exists billing_rates_select_service on public.billing_rates;
create policy billing_rates_select_service on public.billing_rates
    for select to service_role
    using (true);
