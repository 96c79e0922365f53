-- Changes the caller's organisation: a patch, in which an absent key stays and null clears.
--
-- Keys: name, email, phone, website, timezone, settings (replaced whole), clinic_name, specialty, onboarding_completed
-- (true notes the time once, false takes it back).
--
-- Raises 422 unknown_field, 422 invalid_value, and what private.authorize() raises.
create or replace function public.update_organization(p_patch jsonb)
returns public.organizations
language sql volatile security invoker
set search_path = pg_catalog, pg_temp
as $$
    select private.update_organization(p_patch);
$$;

revoke execute on function public.update_organization(jsonb) from public, anon, authenticated, service_role;
grant execute on function public.update_organization(jsonb) to authenticated;
