-- The demo clinic's diary: two people, their hours, a holiday, and a few patients of the coming days, booked as in life.
do $$
declare
    v_org_id constant uuid := (select p.org_id from public.profiles p where p.email = 'demo@voxanne.test');
    v_monday constant date := date_trunc('week', now() at time zone 'Europe/London')::date + 7;
    v_ada constant uuid := gen_random_uuid();
    v_ben constant uuid := gen_random_uuid();
    v_visit record;
    v_contact_id uuid;
begin
    insert into public.practitioners (org_id, id, name)
    values (v_org_id, v_ada, 'Dr Ada Marsh'), (v_org_id, v_ben, 'Dr Ben Okafor');
    -- The clinic is open from nine to one and from two to half past five; Dr Okafor comes on three days, and on Saturdays.
    insert into public.opening_hours (org_id, practitioner_id, weekday, opens, closes)
    select v_org_id, null, d, s.opens, s.closes
    from generate_series(1, 5) as d, (values (time '09:00', time '13:00'), ('14:00', '17:30')) as s (opens, closes)
    union all
    select v_org_id, v_ben, d, '10:00', '16:00' from unnest(array[1, 3, 5]) as d
    union all
    select v_org_id, v_ben, 6, '09:00', '13:00';
    insert into public.closures (org_id, starts_on, ends_on, reason)
    values (v_org_id, v_monday + 14, v_monday + 15, 'Refurbishment');
    update public.services s set duration_minutes = 45, buffer_minutes = 15
    where s.org_id = v_org_id and s.name in ('Botox', 'Fillers');

    for v_visit in
        select * from (values
            ('+447700900201', 'Priya', 'Shah', 0, time '09:30', 'Botox', v_ada),
            ('+447700900202', 'Tom', 'Ellis', 0, '10:00', 'Consultation', v_ben),
            ('+447700900203', 'Grace', 'Adeyemi', 1, '14:15', 'Fillers', v_ada),
            ('+447700900204', 'Liam', 'Doyle', 2, '11:00', 'Consultation', null),
            ('+447700900205', 'Zoë', 'Novák', 4, '15:00', 'Rhinoplasty', v_ben)
        ) as v (phone, first_name, last_name, days, clock, service, practitioner_id)
    loop
        insert into public.contacts (org_id, phone, first_name, last_name)
        values (v_org_id, v_visit.phone, v_visit.first_name, v_visit.last_name)
        on conflict on constraint contacts_phone do update set
            first_name = excluded.first_name, last_name = excluded.last_name
        returning id into v_contact_id;
        perform private.book_appointment(
            v_org_id, v_contact_id, (v_monday + v_visit.days + v_visit.clock) at time zone 'Europe/London',
            (private.service_of(v_org_id, v_visit.service)).id, v_visit.practitioner_id,
            p_idempotency_key => 'demo:' || v_visit.phone);
    end loop;
end
$$;
