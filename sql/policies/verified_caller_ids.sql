-- Every member reads the organisation's verified numbers.
alter table public.verified_caller_ids enable row level security;
alter table public.verified_caller_ids force row level security;
revoke all on public.verified_caller_ids from public, anon, authenticated, service_role;
grant select on public.verified_caller_ids to authenticated, service_role;

drop policy if exists verified_caller_ids_select_member on public.verified_caller_ids;
create policy verified_caller_ids_select_member on public.verified_caller_ids
    for select to authenticated
    using (org_id = (select private.member_org_id()) and (select private.has_role('user', 'telephony:read')));

drop policy if exists verified_caller_ids_select_service on public.verified_caller_ids;
create policy verified_caller_ids_select_service on public.verified_caller_ids
    for select to service_role
    using (true);
