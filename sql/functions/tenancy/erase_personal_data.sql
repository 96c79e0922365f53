-- Erases what is known about a person of the caller's organisation: p_subject is 'member' (p_id is the profile's).
--
-- Personal fields go, in every table private.personal_data names; rows, money and counts stay. A member is removed first, and
-- their account with them: they could sign up again as anybody could. It cannot be taken back. Answers the tables changed.
--
-- Raises 404 person_not_found, 409 last_admin, 422 unknown_subject, and what private.authorize() raises.
create or replace function public.erase_personal_data(p_subject text, p_id uuid)
returns table (table_name text, rows_changed bigint)
language sql volatile security invoker
set search_path = pg_catalog, pg_temp
as $$
    select e.table_name, e.rows_changed from private.erase_personal_data(p_subject, p_id) as e;
$$;

revoke execute on function public.erase_personal_data(text, uuid) from public, anon, authenticated, service_role;
grant execute on function public.erase_personal_data(text, uuid) to authenticated;
