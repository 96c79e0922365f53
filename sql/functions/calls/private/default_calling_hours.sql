-- When people are called who did not ask for it, unless their clinic says otherwise.
create or replace function private.default_calling_hours()
returns jsonb
language sql immutable security invoker
set search_path = pg_catalog, pg_temp
as $$
    select jsonb_build_object(
        'mon', d.hours, 'tue', d.hours, 'wed', d.hours, 'thu', d.hours, 'fri', d.hours,
        'sat', jsonb_build_array(jsonb_build_array('09:00', '17:00')))
    from (select jsonb_build_array(jsonb_build_array('08:00', '20:00'))) as d (hours);
$$;

revoke execute on function private.default_calling_hours() from public, anon, authenticated, service_role;
