-- Orders what Twilio is to do or say about a caller ID. Everything about one phone of an organisation happens in the order it
-- was decided in: a number deleted and begun anew is not found verified on the list it is about to leave.
--
-- Locks: the phone's last effect.
create or replace function private.order_caller_id_effect(
    p_kind text, p_caller_id public.verified_caller_ids, p_account private.telephony_account, p_more jsonb, p_now timestamptz
)
returns uuid
language sql volatile security definer
set search_path = pg_catalog, pg_temp
as $$
    select private.enqueue_effect(
        p_org_id => p_caller_id.org_id,
        p_kind => p_kind,
        p_payload => jsonb_build_object(
            'account', to_jsonb(p_account), 'org_id', p_caller_id.org_id, 'caller_id', p_caller_id.id,
            'phone_number', p_caller_id.phone_number) || p_more,
        p_queue_key => format('caller_id:%s:%s', p_caller_id.org_id, p_caller_id.phone_number),
        p_run_at => p_now);
$$;

revoke execute on function private.order_caller_id_effect(text, public.verified_caller_ids, private.telephony_account, jsonb, timestamptz)
    from public, anon, authenticated, service_role;
