-- Asks which appointment is meant, when there are several; when there is none, for the name and the day, and tells nothing.
create or replace function private.ask_which(p_call public.calls, p_meant public.appointments[])
returns private.tool_answer
language sql stable security definer
set search_path = pg_catalog, pg_temp
as $$
    select (case when cardinality(p_meant) = 0 then private.say('ask_appointment', private.language_of(p_call))
                 else private.say('which_appointment', private.language_of(p_call), jsonb_build_object('times', private.spoken_slots(
                     p_call, array(select (u.scheduled_at, null, null, null)::private.free_slot
                                   from unnest(p_meant) as u order by u.scheduled_at limit 5)))) end,
            false)::private.tool_answer;
$$;

revoke execute on function private.ask_which(public.calls, public.appointments[]) from public, anon, authenticated, service_role;
