-- The organisation named in the caller's signed claims, or NULL when it is absent or malformed. Never a default.
--
-- Only app_metadata is read: a user can write user_metadata. Naming an organisation is not being a member of it:
-- policies call private.member_org_id().
create or replace function public.auth_org_id()
returns uuid
language sql stable security invoker
set search_path = pg_catalog, pg_temp
as $$
    select case
        when auth.jwt() #>> '{app_metadata,org_id}'
             ~* '^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$'
        then (auth.jwt() #>> '{app_metadata,org_id}')::uuid
    end;
$$;

revoke execute on function public.auth_org_id() from public, anon, authenticated, service_role;
grant execute on function public.auth_org_id() to authenticated, service_role;
