-- The statement of public.wallet_statement() as CSV: RFC 4180, one table, times in UTC, money in pounds and in pence.
--
-- Raises 400 invalid_month, 404 statement_not_found, 422 too_many_lines, and what private.authorize() raises.
create or replace function public.wallet_statement_csv(p_month text, p_lines boolean default true)
returns text
language plpgsql stable security invoker
set search_path = pg_catalog, pg_temp
as $$
begin
    perform private.authorize('public.wallet_statement_csv');
    return private.statement_csv(private.wallet_statement(p_month, p_lines, now()));
end
$$;

revoke execute on function public.wallet_statement_csv(text, boolean) from public, anon, authenticated, service_role;
grant execute on function public.wallet_statement_csv(text, boolean) to authenticated;
