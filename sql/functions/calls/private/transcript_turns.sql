-- The turns of a conversation of which only the transcript is known: who speaks stands before each line.
create or replace function private.transcript_turns(p_transcript text)
returns jsonb
language sql immutable security invoker
set search_path = pg_catalog, pg_temp
as $$
    with lines as (
        select l.place, l.line, regexp_match(l.line, '^\s*(AI|Assistant|Bot|Agent|User|Customer|Caller|Human)\s*:\s*(.*)$', 'i') as said
        from regexp_split_to_table(p_transcript, '\r?\n') with ordinality as l (line, place)
        where btrim(l.line) <> ''
    ),
    turns as (
        select l.*, count(l.said) over (order by l.place) as turn
        from lines l
    )
    select coalesce(jsonb_agg(jsonb_build_object('role', t.role, 'text', t.text, 'at_seconds', null) order by t.turn), '[]')
    from (
        select u.turn,
               case when min(lower(u.said[1])) in ('user', 'customer', 'caller', 'human') then 'caller' else 'agent' end as role,
               btrim(string_agg(coalesce(u.said[2], u.line), ' ' order by u.place)) as text
        from turns u
        where u.turn > 0
        group by u.turn
    ) as t
    where t.text <> '';
$$;

revoke execute on function private.transcript_turns(text) from public, anon, authenticated, service_role;
