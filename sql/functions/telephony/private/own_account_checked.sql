-- The step after the effect twilio.check_account: the account works, or Twilio says why not. Anything else changes nothing.
--
-- The account stays the one that acts, so that it works again as soon as Twilio lets it. Admins are written to when it
-- breaks, not on each day it stays so. Word about an account that was disconnected meanwhile is word about nobody.
--
-- Locks: the credential, the integration.
create or replace function private.own_account_checked(p_effect jsonb, p_outcome text, p_result jsonb)
returns void
language plpgsql volatile security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    v_org_id constant uuid := (p_effect #>> '{payload,org_id}')::uuid;
    v_now constant timestamptz := (p_effect ->> 'ended_at')::timestamptz;
    v_broken constant boolean := p_result ? 'refused';
    v_credential private.org_credentials;
    v_old public.integrations;
    v_reason text;
begin
    select * into v_credential from private.org_credentials c
    where c.org_id = v_org_id and c.id = (p_effect #>> '{payload,credential_id}')::uuid and c.is_active
    for update;
    if not found or p_outcome <> 'done' then
        return;
    elsif v_broken then
        select e.sentence into v_reason from private.error_registry e where e.code = p_result ->> 'refused';
        v_reason := coalesce(v_reason, 'Twilio no longer accepts this account.');
    else
        update private.org_credentials c set last_verified_at = v_now, updated_at = v_now
        where c.org_id = v_org_id and c.id = v_credential.id;
    end if;

    select * into v_old from public.integrations i where i.org_id = v_org_id and i.provider = 'twilio' for update;
    update public.integrations i set
        status = case when v_broken then 'error' else 'connected' end, last_error = v_reason, last_checked_at = v_now,
        updated_at = v_now
    where i.org_id = v_org_id and i.id = v_old.id;
    if v_broken is distinct from (v_old.status = 'error') then
        perform private.tell_own_account(v_org_id, v_credential.phone_number, v_old.account_label, v_reason, v_now);
    end if;
end
$$;

revoke execute on function private.own_account_checked(jsonb, text, jsonb) from public, anon, authenticated, service_role;
