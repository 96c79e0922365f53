-- What is alike of a name however it is said: its words, plain and in one order. NULL when there is none.
create or replace function private.name_key(p_name text)
returns text
language sql immutable security invoker
set search_path = pg_catalog, pg_temp
as $$
    select string_agg(w, ' ' order by w collate "C")
    from regexp_split_to_table(private.fold_text(p_name), ' ') as w
    where w <> '';
$$;

revoke execute on function private.name_key(text) from public, anon, authenticated, service_role;
