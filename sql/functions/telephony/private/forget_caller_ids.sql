-- What one Twilio account has on its list says nothing of another's: caller IDs are to be verified anew when the account changes.
--
-- Locks: the caller IDs.
create or replace function private.forget_caller_ids(p_org_id uuid, p_now timestamptz)
returns void
language plpgsql volatile security definer
set search_path = pg_catalog, pg_temp
as $$
begin
    update public.verified_caller_ids c set status = 'expired', verified_at = null, updated_at = p_now
    where c.org_id = p_org_id and c.status = 'verified';
end
$$;

revoke execute on function private.forget_caller_ids(uuid, timestamptz) from public, anon, authenticated, service_role;
