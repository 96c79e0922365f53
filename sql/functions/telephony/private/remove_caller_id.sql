-- Takes a caller ID away with what forwards through it, and off Twilio's list where it came there through us. One that was on
-- the list before, in the organisation's own account, is not ours to take from it.
--
-- A phone that forwards goes on doing so until somebody dials the code, whether or not we were told that it forwards, or
-- stopped counting it: the answer says the code. A number that wrong codes locked stays for as long: begun anew it would have
-- attempts anew. Locks: the caller ID, what forwards through it; then enqueues.
--
-- Raises 404 caller_id_not_found, 423 caller_id_locked.
create or replace function private.remove_caller_id(p_org_id uuid, p_id uuid, p_phone_number text, p_now timestamptz)
returns public.telephony_done
language plpgsql volatile security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    v_account constant private.telephony_account := private.telephony_account_of(p_org_id);
    v_caller_id public.verified_caller_ids;
    v_code text;
begin
    select * into v_caller_id from public.verified_caller_ids c
    where c.org_id = p_org_id and (c.id = p_id or c.phone_number = p_phone_number)
    for update;
    if not found then
        perform private.fail('caller_id_not_found');
    elsif v_caller_id.status <> 'verified' and v_caller_id.locked_until > p_now then
        perform private.fail('caller_id_locked');
    end if;
    select f.generated_deactivation_code into v_code from public.hybrid_forwarding_configs f
    where f.org_id = p_org_id and f.verified_caller_id = v_caller_id.id;

    delete from public.verified_caller_ids c where c.org_id = p_org_id and c.id = v_caller_id.id;
    if v_caller_id.twilio_caller_id_sid is not null and v_caller_id.twilio_call_sid is not null and v_account.sid is not null then
        perform private.order_caller_id_effect(
            'twilio.delete_caller_id', v_caller_id, v_account,
            jsonb_build_object('caller_id_sid', v_caller_id.twilio_caller_id_sid), p_now);
    end if;
    return (true, concat(
        'The number ', v_caller_id.phone_number, ' was removed.',
        ' Its phone may still forward calls: dial ' || v_code || ' on it to end that.'))::public.telephony_done;
end
$$;

revoke execute on function private.remove_caller_id(uuid, uuid, text, timestamptz)
    from public, anon, authenticated, service_role;
