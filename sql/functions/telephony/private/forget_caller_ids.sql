-- What one Twilio account has on its list says nothing of another's: caller IDs are to be verified anew when the account changes.
-- Answers of the old account that are still to come find nobody who waits for them.
--
-- Locks: the caller IDs.
create or replace function private.forget_caller_ids(p_org_id uuid, p_now timestamptz)
returns void
language plpgsql volatile security definer
set search_path = pg_catalog, pg_temp
as $$
begin
    update public.verified_caller_ids c set
        status = case c.status when 'failed' then 'failed' else 'expired' end, verified_at = null, effect_id = null,
        twilio_caller_id_sid = null, twilio_call_sid = null, verification_code_expires_at = null, updated_at = p_now
    where c.org_id = p_org_id;
end
$$;

revoke execute on function private.forget_caller_ids(uuid, timestamptz) from public, anon, authenticated, service_role;
