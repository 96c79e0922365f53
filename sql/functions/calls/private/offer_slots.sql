-- Offers these free times, or to take a message where there are none.
create or replace function private.offer_slots(p_call public.calls, p_slots private.free_slot[])
returns text
language sql stable security definer
set search_path = pg_catalog, pg_temp
as $$
    select case when coalesce(cardinality(p_slots), 0) = 0
        then private.say('offer_message', private.language_of(p_call))
        else private.say('offer_times', private.language_of(p_call), jsonb_build_object(
            'times', private.spoken_slots(p_call, p_slots))) end;
$$;

revoke execute on function private.offer_slots(public.calls, private.free_slot[]) from public, anon, authenticated, service_role;
