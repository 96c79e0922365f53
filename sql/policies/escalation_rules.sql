-- Members read when callers are passed on.
alter table public.escalation_rules enable row level security;
alter table public.escalation_rules force row level security;
revoke all on public.escalation_rules from public, anon, authenticated, service_role;
grant select on public.escalation_rules to authenticated, service_role;

drop policy if exists escalation_rules_select_member on public.escalation_rules;
create policy escalation_rules_select_member on public.escalation_rules
    for select to authenticated
    using (org_id = (select private.member_org_id()) and (select private.has_role('user', 'agents:read')));

drop policy if exists escalation_rules_select_service on public.escalation_rules;
create policy escalation_rules_select_service on public.escalation_rules
    for select to service_role
    using (true);
