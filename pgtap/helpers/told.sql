-- What an agent is told that uses a tool in a call, on Wednesday, the 1st of July 2026 at ten in London unless p_now says otherwise.
create or replace function tests.told(
    p_call uuid, p_tool text, p_arguments jsonb default '{}', p_id text default null, p_now timestamptz default '2026-07-01 09:00+00')
returns text
language sql volatile security definer
set search_path = pg_catalog, pg_temp
as $$
    select private.run_tools(c, jsonb_build_object('type', 'tool-calls', 'toolCallList', jsonb_build_array(jsonb_build_object(
        'id', coalesce(p_id, gen_random_uuid()::text), 'type', 'function',
        'function', jsonb_build_object('name', p_tool, 'arguments', p_arguments)))), p_now) #>> '{results,0,result}'
    from public.calls c
    where c.id = p_call;
$$;
