-- Sets for how many days transcripts and recordings are kept, 1 to 3,650 each; NULL keeps them for ever.
--
-- Raises 422 invalid_value, and what private.authorize() raises.
create or replace function public.set_retention(
    p_transcripts_days integer default null, p_recordings_days integer default null)
returns public.retention_settings
language sql volatile security invoker
set search_path = pg_catalog, pg_temp
as $$
    select private.set_retention(p_transcripts_days, p_recordings_days);
$$;

revoke execute on function public.set_retention(integer, integer) from public, anon, authenticated, service_role;
grant execute on function public.set_retention(integer, integer) to authenticated;
