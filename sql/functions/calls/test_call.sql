-- Has an agent, whichever its direction, call a phone; answers the operation to follow, or why there is no call. Its answer is
-- public.placed_call().
--
-- Raises 400 phone_number_invalid, 422 premium_number, 409 do_not_call, 409 outside_calling_hours, 409 number_answers_here,
-- 409 call_under_way, 409 agent_not_ready, 409 no_calling_number, 404 agent_not_found,
-- and what private.authorize() raises. Refuses with
-- 402 wallet_suspended, 402 insufficient_balance, 402 monthly_cap_reached, 402 cap_too_small, 409 too_many_calls,
-- 403 account_suspended.
create or replace function public.test_call(p_agent_id uuid, p_phone_number text)
returns jsonb
language sql volatile security invoker
set search_path = pg_catalog, pg_temp
as $$
    select private.test_call(p_agent_id, p_phone_number);
$$;

revoke execute on function public.test_call(uuid, text) from public, anon, authenticated, service_role;
grant execute on function public.test_call(uuid, text) to authenticated;
