-- A name as somebody wrote or said it, tidied up; NULL when it cannot be one: too long, without letters, or a way of saying
-- that it is not known.
create or replace function private.person_name(p_name text)
returns text
language sql immutable security invoker
set search_path = pg_catalog, pg_temp
as $$
    select n.name
    from (select btrim(regexp_replace(p_name, '[[:space:]]+', ' ', 'g'))) as n (name)
    where length(n.name) between 1 and 200
      and n.name ~ '[[:alpha:]]' and n.name !~ '[0-9@{}<>\[\]]'
      and lower(n.name) not in ('unknown', 'anonymous', 'none', 'null', 'n/a', 'na', 'not provided', 'not given', 'caller',
                                'customer', 'user', 'withheld', 'private');
$$;

revoke execute on function private.person_name(text) from public, anon, authenticated, service_role;
