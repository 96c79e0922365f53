-- The name an agent gives for a patient or caller.
create or replace function private.said_name(p_arguments jsonb)
returns text
language sql immutable security invoker
set search_path = pg_catalog, pg_temp
as $$
    select left(coalesce(
        private.tool_argument(p_arguments, 'name', 'patientname', 'customername', 'callername', 'fullname', 'contactname'),
        nullif(concat_ws(' ', private.tool_argument(p_arguments, 'firstname'), private.tool_argument(p_arguments, 'lastname')), '')), 200);
$$;

revoke execute on function private.said_name(jsonb) from public, anon, authenticated, service_role;
