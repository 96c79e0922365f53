-- The appointments still to come that a caller may move or cancel: those of the number they call from, or those of the name
-- they give on the day they give. A name alone opens nothing; a day they name narrows down their number's, too.
--
-- Names are alike without case, accents, extra spaces, and whichever name comes first. Days are the clinic's. The number's are
-- found by their contact, the name's within the day: nobody waits while a whole diary is read.
create or replace function private.appointments_of_caller(
    p_org_id uuid, p_phone text, p_name text default null, p_on date default null, p_now timestamptz default now()
)
returns setof public.appointments
language sql stable security definer
set search_path = pg_catalog, pg_temp
as $$
    with clock as materialized (select private.zone_of(p_org_id) as zone, private.name_key(p_name) as name),
    theirs as (
        select a.*
        from public.contacts c
        join public.appointments a on a.org_id = c.org_id and a.contact_id = c.id
        where c.org_id = p_org_id and c.phone = p_phone
        union all
        select a.*
        from clock k, public.appointments a
        join public.contacts c on c.org_id = a.org_id and c.id = a.contact_id
        where a.org_id = p_org_id and c.phone is distinct from p_phone
          and a.scheduled_at >= p_on - interval '1 day' and a.scheduled_at < p_on + interval '3 days'
          and private.name_key(concat_ws(' ', c.first_name, c.last_name)) = k.name
    )
    select t.*
    from theirs t, clock k
    where t.status in ('scheduled', 'confirmed') and t.scheduled_at > p_now
      and (p_on is null or (t.scheduled_at at time zone k.zone)::date = p_on)
    order by t.scheduled_at, t.id;
$$;

revoke execute on function private.appointments_of_caller(uuid, text, text, date, timestamptz)
    from public, anon, authenticated, service_role;
