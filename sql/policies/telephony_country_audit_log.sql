-- Admins read who wanted numbers of which country.
alter table public.telephony_country_audit_log enable row level security;
alter table public.telephony_country_audit_log force row level security;
revoke all on public.telephony_country_audit_log from public, anon, authenticated, service_role;
grant select on public.telephony_country_audit_log to authenticated, service_role;

drop policy if exists telephony_country_audit_log_select_member on public.telephony_country_audit_log;
create policy telephony_country_audit_log_select_member on public.telephony_country_audit_log
    for select to authenticated
    using (org_id = (select private.member_org_id()) and (select private.has_role('admin', 'telephony:read')));

drop policy if exists telephony_country_audit_log_select_service on public.telephony_country_audit_log;
create policy telephony_country_audit_log_select_service on public.telephony_country_audit_log
    for select to service_role
    using (true);
