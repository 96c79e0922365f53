-- How long a call lasted by the best word on it, in whole seconds of the provider's clock; NULL while that is unknown.
create or replace function private.settled_seconds(p_reservation public.credit_reservations)
returns bigint
language sql immutable security invoker
set search_path = pg_catalog, pg_temp
as $$
    select case
        when p_reservation.ended_at is null or p_reservation.started_at is null then p_reservation.evidence_seconds
        when p_reservation.evidence_rank is null then t.seconds
        when row(p_reservation.ended_rank, p_reservation.ended_at, t.seconds)
             > row(p_reservation.evidence_rank, coalesce(p_reservation.evidence_ended_at, '-infinity'),
                   p_reservation.evidence_seconds) then t.seconds
        else p_reservation.evidence_seconds
    end
    from (
        select greatest(floor(extract(epoch from p_reservation.ended_at - p_reservation.started_at))::bigint, 0)
    ) as t (seconds);
$$;

revoke execute on function private.settled_seconds(public.credit_reservations)
    from public, anon, authenticated, service_role;
