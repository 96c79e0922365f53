-- A name as somebody wrote or said it, tidied up; NULL when it cannot be one: too long, without letters, or a way of saying
-- that it is not known.
create or replace function private.person_name(p_name text)
returns text
language plpgsql immutable security invoker
set search_path = pg_catalog, pg_temp
as $$
declare
    v_name constant text := btrim(regexp_replace(p_name, '[[:space:]]+', ' ', 'g'));
begin
    return case
        when length(v_name) between 1 and 200
             and v_name ~ '[[:alpha:]]' and v_name !~ '[0-9@{}<>\[\]]'
             and lower(v_name) not in ('unknown', 'anonymous', 'none', 'null', 'n/a', 'na', 'not provided', 'not given', 'caller',
                                       'customer', 'user', 'withheld', 'private') then v_name end;
end
$$;

revoke execute on function private.person_name(text) from public, anon, authenticated, service_role;
