-- The appointments still to come that a caller may move or cancel: those of the number they call from, or those of the name
-- they give on the day they give. A name alone opens nothing; a day they name narrows down their number's, too.
--
-- Names are alike without case, accents, extra spaces, and whichever name comes first. Days are the clinic's.
create or replace function private.appointments_of_caller(
    p_org_id uuid, p_phone text, p_name text default null, p_on date default null, p_now timestamptz default now()
)
returns setof public.appointments
language sql stable security definer
set search_path = pg_catalog, pg_temp
as $$
    select a.*
    from public.appointments a
    join public.contacts c on c.org_id = a.org_id and c.id = a.contact_id
    where a.org_id = p_org_id and a.status in ('scheduled', 'confirmed') and a.scheduled_at > p_now
      and (p_on is null or (a.scheduled_at at time zone private.zone_of(p_org_id))::date = p_on)
      and (c.phone = p_phone
           or p_on is not null and private.name_key(concat_ws(' ', c.first_name, c.last_name)) = private.name_key(p_name))
    order by a.scheduled_at, a.id;
$$;

revoke execute on function private.appointments_of_caller(uuid, text, text, date, timestamptz)
    from public, anon, authenticated, service_role;
