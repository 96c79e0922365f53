-- Changes how the organisation's calls are kept, and when it calls people: a patch, in which an absent key stays.
--
-- Raises 422 unknown_field, 422 invalid_value, and what private.authorize() raises.
create or replace function public.update_call_settings(p_patch jsonb)
returns public.call_settings
language sql volatile security invoker
set search_path = pg_catalog, pg_temp
as $$
    select private.update_call_settings(p_patch);
$$;

revoke execute on function public.update_call_settings(jsonb) from public, anon, authenticated, service_role;
grant execute on function public.update_call_settings(jsonb) to authenticated;
