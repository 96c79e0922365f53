-- A call's transcript as a text file. That it left is on record.
--
-- Raises 404 call_not_found, 404 transcript_not_found, 422 invalid_value, and what private.authorize() raises.
create or replace function public.export_transcript(p_call_id uuid, p_format text default 'txt')
returns text
language sql volatile security invoker
set search_path = pg_catalog, pg_temp
as $$
    select private.export_transcript(p_call_id, p_format);
$$;

revoke execute on function public.export_transcript(uuid, text) from public, anon, authenticated, service_role;
grant execute on function public.export_transcript(uuid, text) to authenticated;
