-- Processes one event of Stripe's about this object, under an id of its own unless one is given. Answers the verdict's
-- status, with the problem behind a colon.
create or replace function tests.hear_stripe(p_type text, p_object jsonb, p_id text default null, p_now timestamptz default now())
returns text
language sql volatile security definer
set search_path = pg_catalog, pg_temp
as $$
    select concat_ws(': ', v.status, v.problem)
    from private.process_stripe_event(
        jsonb_build_object(
            'id', coalesce(p_id, 'evt_' || gen_random_uuid()), 'object', 'event', 'type', p_type,
            'data', jsonb_build_object('object', p_object)),
        p_now) as v;
$$;
