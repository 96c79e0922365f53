-- Texts whoever called, on their own number: on record first, then sent. One an hour.
--
-- Raises 404 call_not_found, 409 contact_without_phone, 422 followup_invalid, 400 phone_number_invalid, 422 premium_number,
-- 422 message_invalid, 409 sms_opted_out, 409 telephony_not_configured, and what private.authorize() raises. Refuses with
-- 429 followup_limited.
create or replace function public.send_followup(p_call_id uuid, p_message text)
returns jsonb
language sql volatile security invoker
set search_path = pg_catalog, pg_temp
as $$
    select private.send_followup(p_call_id, p_message);
$$;

revoke execute on function public.send_followup(uuid, text) from public, anon, authenticated, service_role;
grant execute on function public.send_followup(uuid, text) to authenticated;
