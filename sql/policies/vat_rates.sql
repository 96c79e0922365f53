-- Tax rates are no secret.
alter table public.vat_rates enable row level security;
alter table public.vat_rates force row level security;
revoke all on public.vat_rates from public, anon, authenticated, service_role;
grant select on public.vat_rates to authenticated, service_role;

drop policy if exists vat_rates_select_member on public.vat_rates;
create policy vat_rates_select_member on public.vat_rates
    for select to authenticated
    using (true);

drop policy if exists vat_rates_select_service on public.vat_rates;
create policy vat_rates_select_service on public.vat_rates
    for select to service_role
    using (true);
