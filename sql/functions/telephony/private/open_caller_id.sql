-- A verification that can still be confirmed, held until commit; or why it cannot. With a lock it answers the row all the
-- same: what is locked is refused by whoever asked, for the time it takes is in the answer.
--
-- Locks: the caller ID.
--
-- Raises 404 caller_id_not_found, 409 caller_id_verified, 409 not_yet_confirmed, 410 caller_id_code_expired.
create or replace function private.open_caller_id(p_org_id uuid, p_id uuid, p_phone_number text, p_now timestamptz)
returns public.verified_caller_ids
language plpgsql volatile security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    v_caller_id public.verified_caller_ids;
begin
    select * into v_caller_id from public.verified_caller_ids c
    where c.org_id = p_org_id and (c.id = p_id or c.phone_number = p_phone_number)
    for update;
    if not found then
        perform private.fail('caller_id_not_found');
    elsif v_caller_id.status = 'verified' then
        perform private.fail('caller_id_verified');
    elsif v_caller_id.locked_until > p_now then
        return v_caller_id;
    elsif v_caller_id.status = 'pending' and v_caller_id.verification_code_expires_at is null then
        perform private.fail('not_yet_confirmed');
    elsif v_caller_id.status <> 'pending' or v_caller_id.verification_code_expires_at <= p_now then
        perform private.fail('caller_id_code_expired');
    end if;
    return v_caller_id;
end
$$;

revoke execute on function private.open_caller_id(uuid, uuid, text, timestamptz) from public, anon, authenticated, service_role;
