-- The operator's alone: an event may belong to no organisation yet.
alter table public.processed_webhook_events enable row level security;
alter table public.processed_webhook_events force row level security;

drop policy if exists processed_webhook_events_service_role on public.processed_webhook_events;
create policy processed_webhook_events_service_role on public.processed_webhook_events
    for select to service_role using (true);

revoke all on public.processed_webhook_events from public, anon, authenticated, service_role;
grant select on public.processed_webhook_events to service_role;
