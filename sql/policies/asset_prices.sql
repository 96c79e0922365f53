-- Prices are no secret.
alter table public.asset_prices enable row level security;
alter table public.asset_prices force row level security;
revoke all on public.asset_prices from public, anon, authenticated, service_role;
grant select on public.asset_prices to authenticated, service_role;

drop policy if exists asset_prices_select_member on public.asset_prices;
create policy asset_prices_select_member on public.asset_prices
    for select to authenticated
    using (true);

drop policy if exists asset_prices_select_service on public.asset_prices;
create policy asset_prices_select_service on public.asset_prices
    for select to service_role
    using (true);
