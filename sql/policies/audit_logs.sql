-- Only admins read who did what.
alter table public.audit_logs enable row level security;
alter table public.audit_logs force row level security;
revoke all on public.audit_logs from public, anon, authenticated, service_role;
grant select on public.audit_logs to authenticated, service_role;

drop policy if exists audit_logs_select_member on public.audit_logs;
create policy audit_logs_select_member on public.audit_logs
    for select to authenticated
    using (org_id = (select private.member_org_id()) and (select private.has_role('admin', 'audit:read')));

drop policy if exists audit_logs_select_service on public.audit_logs;
create policy audit_logs_select_service on public.audit_logs
    for select to service_role
    using (true);
