-- What the other side of a call said; of a call whose turns are not known, all that was said.
create or replace function private.said_by_caller(p_call public.calls)
returns text
language sql immutable security invoker
set search_path = pg_catalog, pg_temp
as $$
    select coalesce(
        (select string_agg(t.turn ->> 'text', ' ' order by t.place)
         from jsonb_array_elements(p_call.turns) with ordinality as t (turn, place)
         where t.turn ->> 'role' = 'caller'),
        case when p_call.turns = '[]' then p_call.transcript end);
$$;

revoke execute on function private.said_by_caller(public.calls) from public, anon, authenticated, service_role;
