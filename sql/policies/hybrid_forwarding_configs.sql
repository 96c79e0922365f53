-- Every member reads how the organisation's phones forward.
alter table public.hybrid_forwarding_configs enable row level security;
alter table public.hybrid_forwarding_configs force row level security;
revoke all on public.hybrid_forwarding_configs from public, anon, authenticated, service_role;
grant select on public.hybrid_forwarding_configs to authenticated, service_role;

drop policy if exists hybrid_forwarding_configs_select_member on public.hybrid_forwarding_configs;
create policy hybrid_forwarding_configs_select_member on public.hybrid_forwarding_configs
    for select to authenticated
    using (org_id = (select private.member_org_id()) and (select private.has_role('user', 'telephony:read')));

drop policy if exists hybrid_forwarding_configs_select_service on public.hybrid_forwarding_configs;
create policy hybrid_forwarding_configs_select_service on public.hybrid_forwarding_configs
    for select to service_role
    using (true);
