-- Takes word of a call's end. The greatest by source, then by the provider's end time, then by length, is what counts.
--
-- Word of an end without a length is kept beside it: with the call's start it has one, so a time of the end is never
-- given up for word that names none, whatever its source. Any word of an end frees the cap.
--
-- Locks: none of its own; the caller holds the wallet and the reservation.
--
-- Raises 422 unknown_source, 422 invalid_duration.
create or replace function private.note_evidence(
    p_reservation public.credit_reservations, p_source text, p_ended_at timestamptz, p_seconds bigint,
    p_now timestamptz
)
returns private.call_settlement
language plpgsql volatile security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    v_rank constant smallint := private.evidence_rank(p_source);
    v_reservation public.credit_reservations := p_reservation;
begin
    if v_rank is null then
        perform private.fail('unknown_source');
    elsif p_seconds not between 0 and 10000000 then
        perform private.fail('invalid_duration');
    end if;

    if v_reservation.cap_released_at is null then
        update public.credit_wallets w
        set capped_pence = w.capped_pence - v_reservation.cap_pence, updated_at = p_now
        where w.org_id = v_reservation.org_id;
    end if;
    update public.credit_reservations r set
        (evidence_rank, evidence_ended_at, evidence_seconds) = (
            select e.rank, e.ended_at, e.seconds
            from (values (r.evidence_rank, r.evidence_ended_at, r.evidence_seconds),
                         (case when p_seconds is not null then v_rank end,
                          case when p_seconds is not null then p_ended_at end, p_seconds)) as e (rank, ended_at, seconds)
            order by e.rank desc nulls last, e.ended_at desc nulls last, e.seconds desc nulls last
            limit 1),
        (ended_rank, ended_at) = (
            select e.rank, e.ended_at
            from (values (r.ended_rank, r.ended_at),
                         (case when p_seconds is null then v_rank end,
                          case when p_seconds is null then p_ended_at end)) as e (rank, ended_at)
            order by e.ended_at is null, e.rank desc nulls last, e.ended_at desc
            limit 1),
        cap_released_at = coalesce(r.cap_released_at, p_now)
    where r.org_id = v_reservation.org_id and r.id = v_reservation.id
    returning * into strict v_reservation;
    return private.settle_call(v_reservation, p_now);
end
$$;

revoke execute on function private.note_evidence(public.credit_reservations, text, timestamptz, bigint, timestamptz)
    from public, anon, authenticated, service_role;
