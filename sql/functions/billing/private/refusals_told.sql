-- What the clinic reads for each reason why a call may be refused.
--
-- Raises what private.authorize() raises.
create or replace function private.refusals_told()
returns table (reason text, told text)
language plpgsql stable security definer
set search_path = pg_catalog, pg_temp
as $$
begin
    perform private.authorize('public.list_call_refusals');
    return query select r.reason, r.told from private.refusal_reasons r;
end
$$;

revoke execute on function private.refusals_told() from public, anon, authenticated, service_role;
grant execute on function private.refusals_told() to authenticated;
