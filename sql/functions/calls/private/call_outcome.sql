-- A call in three sentences, for the list: who and how long, what came of it, how it ended.
create or replace function private.call_outcome(
    p_call public.calls, p_services public.services[], p_appointment public.appointments, p_connected boolean
)
returns text
language sql stable security definer
set search_path = pg_catalog, pg_temp
as $$
    select concat_ws(' ',
        case
            when p_call.call_direction = 'inbound' and p_connected then format('%s rang%s.', w.who, w.length)
            when p_call.call_direction = 'inbound' then format('%s rang and was not connected.', w.who)
            when p_connected then format('We rang %s%s.', w.whom, w.length)
            else format('We rang %s and did not reach them.', w.whom)
        end,
        case
            when p_call.booking_confirmed and p_appointment.id is not null then format(
                'An appointment was booked for %s.',
                to_char(p_appointment.scheduled_at at time zone private.zone_of(p_call.org_id), 'FMDay FMDD FMMonth YYYY, HH24:MI'))
            when p_call.booking_confirmed then 'An appointment was booked.'
            when p_call.transfer_to is not null then 'They were passed on to a person.'
            when 'takeMessage' = any (p_call.tools_used) then 'A message was taken.'
            when s.names is not null then format('They asked about %s and booked nothing.', s.names)
            else 'Nothing was booked.'
        end,
        (private.ended_reason(p_call.ended_reason)).told)
    from (
        select coalesce(n.name, 'Somebody') as who, coalesce(n.name, 'somebody') as whom,
               case when p_call.duration_seconds >= 90
                        then format(' and spoke for %s minutes', round(p_call.duration_seconds / 60.0))
                    when p_call.duration_seconds > 0 then format(' and spoke for %s seconds', p_call.duration_seconds)
               end as length
        from (select nullif(btrim(translate(p_call.caller_name, '.!?', '')), '')) as n (name)
    ) as w
    cross join (
        select string_agg(translate(f.name, '.!?', ''), ', ') as names
        from unnest(p_services[1:3]) as f
    ) as s;
$$;

revoke execute on function private.call_outcome(public.calls, public.services[], public.appointments, boolean)
    from public, anon, authenticated, service_role;
