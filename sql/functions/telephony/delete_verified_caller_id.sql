-- Takes a caller ID away, by its number, with what forwards through it.
--
-- Raises 404 caller_id_not_found, 423 caller_id_locked, and what private.authorize() raises.
create or replace function public.delete_verified_caller_id(p_phone_number text)
returns public.telephony_done
language sql volatile security invoker
set search_path = pg_catalog, pg_temp
as $$
    select private.delete_verified_caller_id(p_phone_number);
$$;

revoke execute on function public.delete_verified_caller_id(text) from public, anon, authenticated, service_role;
grant execute on function public.delete_verified_caller_id(text) to authenticated;
