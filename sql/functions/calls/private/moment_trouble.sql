-- What is said of a moment that cannot be had, and what is offered instead: the free times nearest to it, where it is one.
create or replace function private.moment_trouble(
    p_call public.calls, p_moment private.clinic_moment, p_service_id uuid, p_practitioner_id uuid, p_now timestamptz
)
returns text
language plpgsql stable security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    v_language constant text := private.language_of(p_call);
    v_sentence constant text := private.say(case p_moment.problem
        when 'no_date' then 'ask_date' when 'no_time' then 'ask_time' when 'past' then 'time_past'
        when 'skipped' then 'time_skipped' when 'too_far' then 'time_too_far' else 'time_unreadable' end, v_language);
begin
    if p_moment.problem in ('past', 'skipped', 'too_far') then
        return v_sentence || ' ' || private.offer_slots(p_call, array(
            select s from private.nearest_slots(
                p_call.org_id, greatest(p_now, case when p_moment.problem = 'skipped' then p_moment.at end),
                p_service_id, p_practitioner_id, 3, p_now) as s));
    end if;
    return v_sentence;
end
$$;

revoke execute on function private.moment_trouble(public.calls, private.clinic_moment, uuid, uuid, timestamptz) from public, anon, authenticated, service_role;
