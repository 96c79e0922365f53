-- Managers and admins read what is held for calls, and what they cost.
alter table public.credit_reservations enable row level security;
alter table public.credit_reservations force row level security;
revoke all on public.credit_reservations from public, anon, authenticated, service_role;
grant select on public.credit_reservations to authenticated, service_role;

drop policy if exists credit_reservations_select_member on public.credit_reservations;
create policy credit_reservations_select_member on public.credit_reservations
    for select to authenticated
    using (org_id = (select private.member_org_id()) and (select private.has_role('manager', 'wallet:read')));

drop policy if exists credit_reservations_select_service on public.credit_reservations;
create policy credit_reservations_select_service on public.credit_reservations
    for select to service_role
    using (true);
