-- Which models agents may think with is no secret.
alter table public.agent_models enable row level security;
alter table public.agent_models force row level security;
revoke all on public.agent_models from public, anon, authenticated, service_role;
grant select on public.agent_models to authenticated, service_role;

drop policy if exists agent_models_select_member on public.agent_models;
create policy agent_models_select_member on public.agent_models
    for select to authenticated
    using (true);

drop policy if exists agent_models_select_service on public.agent_models;
create policy agent_models_select_service on public.agent_models
    for select to service_role
    using (true);
