-- The money of the caller's organisation.
--
-- Raises what private.authorize() raises.
create or replace function public.wallet_summary()
returns public.wallet_state
language plpgsql stable security invoker
set search_path = pg_catalog, pg_temp
as $$
begin
    perform private.authorize('public.wallet_summary');
    return private.wallet_state();
end
$$;

revoke execute on function public.wallet_summary() from public, anon, authenticated, service_role;
grant execute on function public.wallet_summary() to authenticated;
