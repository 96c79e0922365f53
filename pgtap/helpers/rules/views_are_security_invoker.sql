-- A view reads with the rights of who asks, not of its owner; a materialised view cannot, and is not exposed.
create or replace function tests.views_are_security_invoker()
returns table (object text, problem text)
language sql stable security invoker
set search_path = pg_catalog, pg_temp
as $$
    select c.oid::regclass::text,
           case c.relkind when 'm' then 'a materialised view ignores RLS' else 'it is not security_invoker' end
    from pg_class c
    where c.relnamespace = 'public'::regnamespace
      and (c.relkind = 'm'
           or c.relkind = 'v' and not coalesce(array['security_invoker=true', 'security_invoker=on'] && c.reloptions, false));
$$;
