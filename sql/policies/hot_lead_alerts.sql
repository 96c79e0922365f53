-- Members read who is worth ringing back at once.
alter table public.hot_lead_alerts enable row level security;
alter table public.hot_lead_alerts force row level security;
revoke all on public.hot_lead_alerts from public, anon, authenticated, service_role;
grant select on public.hot_lead_alerts to authenticated, service_role;

drop policy if exists hot_lead_alerts_select_member on public.hot_lead_alerts;
create policy hot_lead_alerts_select_member on public.hot_lead_alerts
    for select to authenticated
    using (org_id = (select private.member_org_id()) and (select private.has_role('user', 'contacts:read')));

drop policy if exists hot_lead_alerts_select_service on public.hot_lead_alerts;
create policy hot_lead_alerts_select_service on public.hot_lead_alerts
    for select to service_role
    using (true);
