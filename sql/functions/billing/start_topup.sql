-- Begins a top-up: asks Stripe for a page on which an admin pays it. Answers the operation that fetches the page.
--
-- p_return_url is where Stripe's page leads back to: one of the front end's own paths. The same idempotency key answers
-- the first top-up's operation and begins nothing.
--
-- Raises 422 amount_out_of_range, 422 return_url_not_allowed, 422 idempotency_key_reused, 400 idempotency_key_invalid, and
-- what private.authorize() raises.
create or replace function public.start_topup(
    p_amount_pence bigint, p_return_url text, p_idempotency_key text default null)
returns public.operation
language sql volatile security invoker
set search_path = pg_catalog, pg_temp
as $$
    select private.start_topup(p_amount_pence, p_return_url, p_idempotency_key);
$$;

revoke execute on function public.start_topup(bigint, text, text) from public, anon, authenticated, service_role;
grant execute on function public.start_topup(bigint, text, text) to authenticated;
