-- Why a text message cannot go to a number: the code of the refusal; NULL when it can. Whoever said STOP is texted no more, by
-- whichever part of the product, until they say START.
create or replace function private.sms_trouble(p_org_id uuid, p_to text, p_text text)
returns text
language sql stable security definer
set search_path = pg_catalog, pg_temp
as $$
    select case
        when p_to is null or p_to !~ '^\+[1-9]\d{6,14}$' then 'phone_number_invalid'
        when exists (select from private.premium_prefixes p where starts_with(p_to, p.prefix)) then 'premium_number'
        when coalesce(btrim(p_text), '') = '' or length(p_text) > 1600 then 'message_invalid'
        when exists (select from public.contacts c where c.org_id = p_org_id and c.phone = p_to and c.sms_opt_out)
            then 'sms_opted_out'
        when private.sender_number(p_org_id, private.telephony_account_of(p_org_id)) is null then 'telephony_not_configured'
    end;
$$;

revoke execute on function private.sms_trouble(uuid, text, text) from public, anon, authenticated, service_role;
