-- Connects the organisation's own Twilio account: its number rings at Voxanne from then on. Answers the operation to follow.
--
-- The account's keys come sealed (provider twilio, type default). The same account and number again, while it is being
-- connected, answers that operation.
--
-- Raises 422 account_sid_invalid, 400 phone_number_invalid, 422 premium_number, 422 invalid_value, 409 integration_busy,
-- 409 integration_connected, 409 managed_numbers_live, and what private.authorize() raises.
create or replace function public.connect_twilio(
    p_account_sid text, p_phone_number text, p_sealed text, p_key_version integer
)
returns public.operation
language sql volatile security invoker
set search_path = pg_catalog, pg_temp
as $$
    select private.connect_twilio(p_account_sid, p_phone_number, p_sealed, p_key_version);
$$;

revoke execute on function public.connect_twilio(text, text, text, integer) from public, anon, authenticated, service_role;
grant execute on function public.connect_twilio(text, text, text, integer) to authenticated;
