-- Which languages agents may speak is no secret.
alter table public.agent_languages enable row level security;
alter table public.agent_languages force row level security;
revoke all on public.agent_languages from public, anon, authenticated, service_role;
grant select on public.agent_languages to authenticated, service_role;

drop policy if exists agent_languages_select_member on public.agent_languages;
create policy agent_languages_select_member on public.agent_languages
    for select to authenticated
    using (true);

drop policy if exists agent_languages_select_service on public.agent_languages;
create policy agent_languages_select_service on public.agent_languages
    for select to service_role
    using (true);
