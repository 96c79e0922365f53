-- Managers and admins read what Stripe said about their own organisation.
alter table public.processed_stripe_webhooks enable row level security;
alter table public.processed_stripe_webhooks force row level security;
revoke all on public.processed_stripe_webhooks from public, anon, authenticated, service_role;
grant select on public.processed_stripe_webhooks to authenticated, service_role;

drop policy if exists processed_stripe_webhooks_select_member on public.processed_stripe_webhooks;
create policy processed_stripe_webhooks_select_member on public.processed_stripe_webhooks
    for select to authenticated
    using (org_id = (select private.member_org_id()) and (select private.has_role('manager', 'wallet:read')));

drop policy if exists processed_stripe_webhooks_select_service on public.processed_stripe_webhooks;
create policy processed_stripe_webhooks_select_service on public.processed_stripe_webhooks
    for select to service_role
    using (true);
