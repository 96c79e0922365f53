-- What the proofs of the diary look through. It is put into a test's own database and is no part of the product.
--
-- Times are minutes on the clock of a clinic in Kathmandu, which never changes, since the first Monday of June. Practitioners
-- and services are known by their places.
create schema proof;

create function proof.at(p_minute bigint) returns timestamptz language sql immutable as $$
    select timestamptz '2026-06-01 00:00+05:45' + p_minute * interval '1 minute';
$$;

create function proof.minute(p_at timestamptz) returns bigint language sql immutable as $$
    select (extract(epoch from p_at - proof.at(0)) / 60)::bigint;
$$;

create function proof.id(p_place bigint) returns uuid language sql immutable as $$
    select ('00000000-0000-4000-8000-' || lpad(to_hex(p_place), 12, '0'))::uuid;
$$;

create function proof.place(p_id uuid) returns bigint language sql immutable as $$
    select ('x' || right(p_id::text, 8))::bit(32)::bigint;
$$;

-- A clinic with two services, a short one and a long one that wants a pause behind it, and two callers.
create function proof.clinic() returns uuid language plpgsql as $$
declare
    v_org_id uuid;
begin
    insert into public.organizations (name, timezone) values ('Proof', 'Asia/Kathmandu') returning id into v_org_id;
    insert into public.services (org_id, id, name, price_pence, duration_minutes, buffer_minutes)
    values (v_org_id, proof.id(0), 'Short', 1, 30, 0), (v_org_id, proof.id(1), 'Long', 1, 50, 15);
    insert into public.contacts (org_id, id) select v_org_id, proof.id(n) from generate_series(0, 1) as n;
    insert into public.calls (org_id, id, contact_id, call_direction)
    select v_org_id, proof.id(n), proof.id(n), 'inbound' from generate_series(0, 1) as n;
    return v_org_id;
end
$$;

create function proof.slots(p_slots private.free_slot[]) returns jsonb language sql as $$
    select coalesce(jsonb_agg(jsonb_build_array(proof.minute(s.starts_at), proof.place(s.practitioner_id)) order by n), '[]')
    from unnest(p_slots) with ordinality as s (starts_at, ends_at, practitioner_id, practitioner_name, n);
$$;

create function proof.shown(p_booking private.booking) returns jsonb language sql as $$
    select jsonb_build_object(
        'outcome', (p_booking).outcome, 'key', ((p_booking).appointment).idempotency_key,
        'alternatives', proof.slots((p_booking).alternatives));
$$;

create function proof.book(
    p_org_id uuid, p_key text, p_minute bigint, p_who bigint, p_service bigint, p_call bigint, p_another boolean, p_now bigint
) returns jsonb language sql as $$
    select proof.shown(private.book_appointment(
        p_org_id, proof.id(p_call), proof.at(p_minute), proof.id(p_service), proof.id(p_who), proof.id(p_call),
        p_idempotency_key => p_key, p_now => proof.at(p_now), p_another => p_another));
$$;

create function proof.appointment(p_org_id uuid, p_key text) returns uuid language sql as $$
    select a.id from public.appointments a where a.org_id = p_org_id and a.idempotency_key = p_key;
$$;

create function proof.move(p_org_id uuid, p_key text, p_minute bigint, p_now bigint) returns jsonb language plpgsql as $$
begin
    return proof.shown(private.reschedule_appointment(
        p_org_id, proof.appointment(p_org_id, p_key), proof.at(p_minute), proof.at(p_now)));
exception when sqlstate 'PT409' then
    return jsonb_build_object('outcome', 'over', 'key', null, 'alternatives', '[]'::jsonb);
end
$$;

create function proof.cancel(p_org_id uuid, p_key text, p_now bigint) returns jsonb language sql as $$
    select proof.shown(private.cancel_appointment(p_org_id, proof.appointment(p_org_id, p_key), proof.at(p_now)));
$$;

create function proof.look(p_org_id uuid, p_from bigint, p_to bigint, p_who bigint, p_service bigint, p_now bigint)
returns jsonb language sql as $$
    select proof.slots(array(
        select s from private.check_availability(
            p_org_id, proof.at(p_from), proof.at(p_to), proof.id(p_service), proof.id(p_who), null, proof.at(p_now)) as s));
$$;

-- Everything that is live, by its key.
create function proof.diary(p_org_id uuid) returns jsonb language sql as $$
    select coalesce(jsonb_object_agg(a.idempotency_key, jsonb_build_array(
        proof.minute(a.scheduled_at), a.duration_minutes, a.buffer_minutes, proof.place(a.practitioner_id))), '{}')
    from public.appointments a where a.org_id = p_org_id and a.status in ('scheduled', 'confirmed');
$$;

-- Pairs of live appointments that want the same person at the same time. Nobody in particular is everybody.
create function proof.overlaps() returns bigint language sql as $$
    select count(*)
    from public.appointments a
    join public.appointments b
      on b.org_id = a.org_id and b.id > a.id and b.scheduled_at < a.busy_until and a.scheduled_at < b.busy_until
     and (a.practitioner_id is null or b.practitioner_id is null or a.practitioner_id = b.practitioner_id)
    where a.status in ('scheduled', 'confirmed') and b.status in ('scheduled', 'confirmed');
$$;
