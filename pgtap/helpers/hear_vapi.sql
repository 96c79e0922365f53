-- Takes in a message of Vapi's at p_now as the server does, and answers what Vapi is told.
create or replace function tests.hear_vapi(p_message jsonb, p_now timestamptz default now())
returns jsonb
language sql volatile security definer
set search_path = pg_catalog, pg_temp
as $$
    select private.answer_webhook(i.id, p_now)
    from private.ingest_vapi_message(
        '{}', convert_to(jsonb_build_object('message', p_message)::text, 'UTF8'), p_now) as i;
$$;
