-- A month of the caller's wallet, 'YYYY-MM' in Europe/London: opening, lines, closing, sums by kind and the tax in what
-- was used.
--
-- p_lines => false leaves the lines out, for a month that has too many of them.
--
-- Raises 400 invalid_month, 404 statement_not_found, 422 too_many_lines, and what private.authorize() raises.
create or replace function public.wallet_statement(p_month text, p_lines boolean default true)
returns public.wallet_statement
language plpgsql stable security invoker
set search_path = pg_catalog, pg_temp
as $$
begin
    perform private.authorize('public.wallet_statement');
    return private.wallet_statement(p_month, p_lines, now());
end
$$;

revoke execute on function public.wallet_statement(text, boolean) from public, anon, authenticated, service_role;
grant execute on function public.wallet_statement(text, boolean) to authenticated;
