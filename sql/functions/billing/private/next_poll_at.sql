-- When to ask the provider about a call whose end somebody named: soon, then ever less often; NULL when nothing is left
-- to ask.
--
-- A call is asked about while its length is unknown, and also when it was given up as never begun and surer word than that
-- says it ended: then it did begin, and its length is still to come.
create or replace function private.next_poll_at(p_reservation public.credit_reservations, p_now timestamptz)
returns timestamptz
language sql immutable security invoker
set search_path = pg_catalog, pg_temp
as $$
    select case
        when private.settled_seconds(p_reservation) is not null
             and (p_reservation.started_at is not null
                  or coalesce(p_reservation.ended_rank, 0) <= coalesce(p_reservation.evidence_rank, 0)) then null
        when p_reservation.polls = 0 then least(p_reservation.next_poll_at, p_now + interval '30 seconds')
        else coalesce(p_reservation.next_poll_at, p_now + interval '30 seconds')
    end;
$$;

revoke execute on function private.next_poll_at(public.credit_reservations, timestamptz)
    from public, anon, authenticated, service_role;
