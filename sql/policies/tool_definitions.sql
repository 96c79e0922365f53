-- What agents can do is no secret.
alter table public.tool_definitions enable row level security;
alter table public.tool_definitions force row level security;
revoke all on public.tool_definitions from public, anon, authenticated, service_role;
grant select on public.tool_definitions to authenticated, service_role;

drop policy if exists tool_definitions_select_member on public.tool_definitions;
create policy tool_definitions_select_member on public.tool_definitions
    for select to authenticated
    using (true);

drop policy if exists tool_definitions_select_service on public.tool_definitions;
create policy tool_definitions_select_service on public.tool_definitions
    for select to service_role
    using (true);
