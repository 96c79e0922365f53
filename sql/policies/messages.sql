-- Members read what was sent and received.
alter table public.messages enable row level security;
alter table public.messages force row level security;
revoke all on public.messages from public, anon, authenticated, service_role;
grant select on public.messages to authenticated, service_role;

drop policy if exists messages_select_member on public.messages;
create policy messages_select_member on public.messages
    for select to authenticated
    using (org_id = (select private.member_org_id()) and (select private.has_role('user', 'calls:read')));

drop policy if exists messages_select_service on public.messages;
create policy messages_select_service on public.messages
    for select to service_role
    using (true);
