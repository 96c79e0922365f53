-- What carriers ask to be dialled is no secret.
alter table public.carrier_forwarding_rules enable row level security;
alter table public.carrier_forwarding_rules force row level security;
revoke all on public.carrier_forwarding_rules from public, anon, authenticated, service_role;
grant select on public.carrier_forwarding_rules to authenticated, service_role;

drop policy if exists carrier_forwarding_rules_select_member on public.carrier_forwarding_rules;
create policy carrier_forwarding_rules_select_member on public.carrier_forwarding_rules
    for select to authenticated
    using (true);

drop policy if exists carrier_forwarding_rules_select_service on public.carrier_forwarding_rules;
create policy carrier_forwarding_rules_select_service on public.carrier_forwarding_rules
    for select to service_role
    using (true);
