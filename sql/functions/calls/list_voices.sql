-- The voices an agent may speak with; those of a provider alone, when one is named.
--
-- Raises what private.authorize() raises.
create or replace function public.list_voices(p_provider text default null)
returns setof public.voices
language plpgsql stable security invoker
set search_path = pg_catalog, pg_temp
as $$
begin
    perform private.authorize('public.list_voices');
    return query
    select v.* from public.voices v
    where p_provider is null or v.provider = p_provider
    order by v.is_default desc, v.provider, v.name, v.voice_id;
end
$$;

revoke execute on function public.list_voices(text) from public, anon, authenticated, service_role;
grant execute on function public.list_voices(text) to authenticated;
