-- Buys a phone number from the wallet and has it answer (inbound) or call (outbound). Answers the operation to follow.
--
-- Either a certain number, or the first to be had, of an area where one is wished. It is paid at once and paid back when it
-- cannot be had.
--
-- Raises 400 phone_number_invalid, 422 premium_number, 422 direction_invalid, 422 area_code_invalid, 422 number_of_another_country,
-- 422 country_unsupported, 409 country_requirements_unmet, 409 telephony_own_account, 409 direction_taken, 409 number_taken,
-- 402 insufficient_balance, 402 wallet_suspended, and what private.authorize() raises.
create or replace function public.provision_number(
    p_country text, p_direction text, p_phone_number text default null, p_area_code text default null
)
returns jsonb
language sql volatile security invoker
set search_path = pg_catalog, pg_temp
as $$
    select private.provision_number(p_country, p_direction, p_phone_number, p_area_code);
$$;

revoke execute on function public.provision_number(text, text, text, text) from public, anon, authenticated, service_role;
grant execute on function public.provision_number(text, text, text, text) to authenticated;
