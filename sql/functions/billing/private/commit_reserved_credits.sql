-- A call has ended: its hold becomes a charge, and what was held too much is free again.
--
-- p_source is report, poll, status or release. Without p_actual_seconds, start and end decide once both are known. In
-- whatever order and however often word of the end comes, the charge is the same: the first settles, a greater one
-- posts an adjustment for the difference, a smaller one changes nothing.
--
-- Locks: the wallet, the reservation; then what private.wallet_moved() locks.
--
-- Raises 404 call_not_found, 422 unknown_source, 422 invalid_duration.
create or replace function private.commit_reserved_credits(
    p_call_id uuid, p_actual_seconds bigint default null, p_source text default null,
    p_ended_at timestamptz default null, p_now timestamptz default now()
)
returns private.call_settlement
language sql volatile security definer
set search_path = pg_catalog, pg_temp
as $$
    select private.note_evidence(private.lock_call(p_call_id), p_source, p_ended_at, p_actual_seconds, p_now);
$$;

revoke execute on function private.commit_reserved_credits(uuid, bigint, text, timestamptz, timestamptz)
    from public, anon, authenticated, service_role;
grant execute on function private.commit_reserved_credits(uuid, bigint, text, timestamptz, timestamptz) to service_role;
