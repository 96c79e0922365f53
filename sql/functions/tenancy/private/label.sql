-- A text a person typed, made fit to be a name: no control characters, no blanks to spare, not too long; NULL when nothing is left.
create or replace function private.label(p_text text, p_length integer default 200)
returns text
language sql immutable security invoker
set search_path = pg_catalog, pg_temp
as $$
    select nullif(btrim(left(btrim(regexp_replace(p_text, '[[:cntrl:][:space:]]+', ' ', 'g')), p_length)), '');
$$;

revoke execute on function private.label(text, integer) from public, anon, authenticated, service_role;
