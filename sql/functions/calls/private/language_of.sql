-- The language a call is held in: its agent's, as the agent is now.
create or replace function private.language_of(p_call public.calls)
returns text
language sql stable security definer
set search_path = pg_catalog, pg_temp
as $$
    select coalesce((select a.language from public.agents a where a.org_id = p_call.org_id and a.id = p_call.agent_id), 'en');
$$;

revoke execute on function private.language_of(public.calls) from public, anon, authenticated, service_role;
