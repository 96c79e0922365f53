-- Books an appointment for a patient, or says why not: `booked`; `already`, with the one this wish was granted with before;
-- `taken`, `closed` or `past`, with the three free slots nearest to the time.
--
-- Two people never get one slot: the exclusion constraint appointments_nobody_twice sees to it, whoever writes. Without a
-- practitioner any free one is taken, the least busy on that day first. A wish that was granted is granted once: under one
-- key, and for one time of one person in one call (private.repeated_booking), however often it is asked, at the same moment
-- too. A key names a request, not a wish: asked again after a cancellation it still answers with the first.
--
-- Who books again in the same call, for the same service or none in particular, and at another time, has thought better of
-- it: the appointment moves there, and stays where it is when it cannot. Another service, or p_another (the caller said
-- that they want one more), makes a second appointment.
--
-- A booking makes the contact `booked` and is linked with its call both ways.
--
-- Locks: the call, the contact, the days of the diary, the appointment; events last.
--
-- Raises 404 call_not_found, 404 contact_not_found, 404 service_not_found, 404 practitioner_not_found,
-- 422 idempotency_key_reused.
create or replace function private.book_appointment(
    p_org_id uuid, p_contact_id uuid, p_starts_at timestamptz, p_service_id uuid default null,
    p_practitioner_id uuid default null, p_call_id uuid default null, p_title text default null, p_notes text default null,
    p_idempotency_key text default null, p_now timestamptz default now(), p_another boolean default false
)
returns private.booking
language plpgsql volatile security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    v_visit constant private.visit := private.visit_of(p_org_id, p_service_id, p_practitioner_id);
    v_call constant public.calls := private.lock_booker(p_org_id, p_call_id, p_contact_id);
    v_wish public.appointments;
    v_found public.appointments;
    v_place record;
begin
    v_found := private.repeated_booking(p_org_id, p_contact_id, p_starts_at, p_call_id, p_idempotency_key);
    if v_found.id is not null then
        return ('already', v_found, '{}')::private.booking;
    end if;
    v_wish := private.wished_appointment(v_visit, p_contact_id, p_starts_at, p_service_id, v_call, p_title, p_notes);
    v_wish.idempotency_key := p_idempotency_key;
    if not p_another then
        v_found := private.booked_in_call(p_org_id, p_call_id, p_contact_id, p_service_id, p_now);
        if v_found.id is not null then
            return private.think_better(v_found, v_wish, v_visit, p_now);
        end if;
    end if;

    perform private.lock_days(v_visit, p_starts_at);
    for v_try in 1 .. 32 loop
        select * into v_place from private.who_can_see(v_visit, p_starts_at, p_now);
        exit when v_place.outcome is not null;
        v_wish.practitioner_id := v_place.practitioner_id;
        v_found := private.enter_appointment(v_wish, p_now);
        if v_found.id is not null then
            perform private.note_booking(v_found, p_now);
            return ('booked', v_found, '{}')::private.booking;
        end if;
        v_found := private.repeated_booking(p_org_id, p_contact_id, p_starts_at, p_call_id, p_idempotency_key);
        if v_found.id is not null then
            return ('already', v_found, '{}')::private.booking;
        end if;
    end loop;
    return private.not_booked(coalesce(v_place.outcome, 'taken'), v_visit, p_starts_at, null, p_now);
end
$$;

revoke execute on function private.book_appointment(
    uuid, uuid, timestamptz, uuid, uuid, uuid, text, text, text, timestamptz, boolean)
    from public, anon, authenticated, service_role;
