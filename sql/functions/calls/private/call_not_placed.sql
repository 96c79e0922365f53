-- A call that was ordered never came about: what was held for it is given back, and it has failed.
--
-- Locks: what private.wallet_moved() locks; the caller holds the wallet, the reservation and the call.
--
-- Raises 404 call_not_found.
create or replace function private.call_not_placed(p_call public.calls, p_reason text, p_now timestamptz)
returns void
language plpgsql volatile security definer
set search_path = pg_catalog, pg_temp
as $$
begin
    perform private.release_reserved_credits(p_call.id, p_reason, 'release', p_now);
    update public.calls c set ended_at = coalesce(c.ended_at, p_now), ended_reason = coalesce(c.ended_reason, 'call-not-placed')
    where c.org_id = p_call.org_id and c.id = p_call.id;
    perform private.refresh_call_status(p_call.org_id, p_call.id, p_now);
    perform private.emit_event(p_call.org_id, 'call.ended', jsonb_build_object(
        'call_id', p_call.id, 'ended_reason', 'call-not-placed'));
end
$$;

revoke execute on function private.call_not_placed(public.calls, text, timestamptz)
    from public, anon, authenticated, service_role;
