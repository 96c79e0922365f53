-- Several things as people say them: "a, b or c".
create or replace function private.spoken_list(p_things text[], p_language text)
returns text
language sql stable security definer
set search_path = pg_catalog, pg_temp
as $$
    select case when cardinality(p_things) < 2 then p_things[1]
        else private.say('list_two', p_language, jsonb_build_object(
            'first', array_to_string(p_things[:cardinality(p_things) - 1], ', '),
            'last', p_things[cardinality(p_things)])) end;
$$;

revoke execute on function private.spoken_list(text[], text) from public, anon, authenticated, service_role;
