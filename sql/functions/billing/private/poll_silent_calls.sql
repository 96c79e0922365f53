-- Asks the provider about calls that went silent: first a minute after their longest length, then ever less often.
--
-- Locks: the reservations; the caller holds the wallet.
create or replace function private.poll_silent_calls(p_org_id uuid, p_now timestamptz)
returns void
language plpgsql volatile security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    v_reservation public.credit_reservations;
begin
    for v_reservation in
        update public.credit_reservations r set
            polls = r.polls + 1,
            next_poll_at = p_now + least(interval '1 minute' * 2 ^ least(r.polls, 10), interval '1 hour')
        where r.org_id = p_org_id and r.next_poll_at <= p_now
        returning *
    loop
        if v_reservation.vapi_call_id is null then
            perform private.alert(p_org_id, 'call_unresolved', format(
                'Nothing is known of the call %s, not even the provider''s id: settle it by hand%s.',
                v_reservation.call_id,
                case when v_reservation.cap_released_at is null then ', or write it off' end), p_now);
        else
            perform private.enqueue_effect(
                p_org_id => p_org_id,
                p_kind => 'vapi.poll_call',
                p_payload => jsonb_build_object(
                    'org_id', p_org_id, 'call_id', v_reservation.call_id, 'vapi_call_id', v_reservation.vapi_call_id),
                p_run_at => p_now);
        end if;
    end loop;
end
$$;

revoke execute on function private.poll_silent_calls(uuid, timestamptz) from public, anon, authenticated, service_role;
