-- What a tool about appointments was asked for, under any of the names agents give it.
--
-- A service or a practitioner that nobody here is called is none: the wish is for any.
create or replace function private.tool_wish_of(p_call public.calls, p_arguments jsonb, p_now timestamptz)
returns private.tool_wish
language sql stable security definer
set search_path = pg_catalog, pg_temp
as $$
    select row(
        private.tool_argument(
            p_arguments, 'date', 'day', 'appointmentdate', 'preferreddate', 'datetime', 'startsat', 'start', 'starttime',
            'scheduledat', 'scheduledstarttime', 'scheduledtime', 'when'),
        private.tool_argument(p_arguments, 'time', 'appointmenttime', 'preferredtime', 'timeslot', 'slot', 'hour'),
        w.service,
        (private.service_of(p_call.org_id, w.service)).id,
        private.practitioner_named(p_call.org_id, private.tool_argument(p_arguments, 'practitioner', 'practitionername', 'doctor', 'provider', 'with'))
    )::private.tool_wish
    from (select private.tool_argument(
        p_arguments, 'service', 'servicetype', 'servicename', 'treatment', 'procedure', 'appointmenttype') as service) as w;
$$;

revoke execute on function private.tool_wish_of(public.calls, jsonb, timestamptz) from public, anon, authenticated, service_role;
