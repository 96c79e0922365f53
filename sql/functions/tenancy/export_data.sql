-- The data of the caller's whole organisation, or with a subject ('member') and an id of one person, as JSON by table.
--
-- The whole: every row of the organisation in schema public. A person: the rows that name them, private ones (emails,
-- sessions) included, with the columns that hold something about them. The export is noted in the security audit.
--
-- Raises 404 person_not_found, 422 unknown_subject, and what private.authorize() raises.
create or replace function public.export_data(p_subject text default null, p_id uuid default null)
returns jsonb
language sql volatile security invoker
set search_path = pg_catalog, pg_temp
as $$
    select private.export_data(p_subject, p_id);
$$;

revoke execute on function public.export_data(text, uuid) from public, anon, authenticated, service_role;
grant execute on function public.export_data(text, uuid) to authenticated;
