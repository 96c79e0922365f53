-- Which voices there are is no secret.
alter table public.voices enable row level security;
alter table public.voices force row level security;
revoke all on public.voices from public, anon, authenticated, service_role;
grant select on public.voices to authenticated, service_role;

drop policy if exists voices_select_member on public.voices;
create policy voices_select_member on public.voices
    for select to authenticated
    using (true);

drop policy if exists voices_select_service on public.voices;
create policy voices_select_service on public.voices
    for select to service_role
    using (true);
