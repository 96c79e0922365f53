-- A function that clients may call takes the organisation from the claims; p_org_id is for service_role.
create or replace function tests.org_id_is_no_argument_for_clients()
returns table (object text, problem text)
language sql stable security invoker
set search_path = pg_catalog, pg_temp
as $$
    select p.oid::regprocedure::text, 'a client may choose the organisation'
    from pg_proc p
    where p.pronamespace in ('public'::regnamespace, 'private'::regnamespace)
      and (p.proargnames)[1:p.pronargs] && array['p_org_id', 'org_id']
      and (has_function_privilege('anon', p.oid, 'execute') or has_function_privilege('authenticated', p.oid, 'execute'));
$$;
