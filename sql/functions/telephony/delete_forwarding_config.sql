-- Ends a forwarding on our side, and says what to dial to end it on the phone's.
--
-- Raises 404 forwarding_config_not_found, and what private.authorize() raises.
create or replace function public.delete_forwarding_config(p_id uuid)
returns public.telephony_done
language sql volatile security invoker
set search_path = pg_catalog, pg_temp
as $$
    select private.delete_forwarding_config(p_id);
$$;

revoke execute on function public.delete_forwarding_config(uuid) from public, anon, authenticated, service_role;
grant execute on function public.delete_forwarding_config(uuid) to authenticated;
