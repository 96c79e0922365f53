-- Whether a saga is still at work on a number.
create or replace function private.number_is_busy(p_org_id uuid, p_number_id uuid)
returns boolean
language sql stable security definer
set search_path = pg_catalog, pg_temp
as $$
    select exists (
        select from private.sagas s where s.org_id = p_org_id and s.subject_id = p_number_id and s.finished_at is null);
$$;

revoke execute on function private.number_is_busy(uuid, uuid) from public, anon, authenticated, service_role;
