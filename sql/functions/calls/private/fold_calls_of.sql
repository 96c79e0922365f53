-- Adds up to p_limit of an organisation's noted changes into its quarters, the oldest first; answers how many.
--
-- Locks: the deltas it takes, skipping what others hold; then their quarters, by direction and time, with their months.
create or replace function private.fold_calls_of(p_org_id uuid, p_limit bigint)
returns bigint
language sql volatile security definer
set search_path = pg_catalog, pg_temp
as $$
    with chosen as (
        select d.id from private.call_deltas d
        where d.org_id = p_org_id order by d.id limit p_limit for update skip locked
    ), taken as (
        delete from private.call_deltas d using chosen c where d.org_id = p_org_id and d.id = c.id returning d.*
    ), folded as (
        insert into private.call_quarters as q (
            org_id, quarter, direction, calls, completed, booked, seconds, timed, sentiment, felt, value_pence, connected, engaged)
        select p_org_id, t.quarter, t.direction, sum(t.calls), sum(t.completed), sum(t.booked), sum(t.seconds), sum(t.timed),
               sum(t.sentiment), sum(t.felt), sum(t.value_pence), sum(t.connected), sum(t.engaged)
        from taken t
        group by t.quarter, t.direction
        order by t.direction, t.quarter
        on conflict (org_id, quarter, direction) do update set
            calls = q.calls + excluded.calls, completed = q.completed + excluded.completed, booked = q.booked + excluded.booked,
            seconds = q.seconds + excluded.seconds, timed = q.timed + excluded.timed, sentiment = q.sentiment + excluded.sentiment,
            felt = q.felt + excluded.felt, value_pence = q.value_pence + excluded.value_pence,
            connected = q.connected + excluded.connected, engaged = q.engaged + excluded.engaged
    )
    select count(*) from taken;
$$;

revoke execute on function private.fold_calls_of(uuid, bigint) from public, anon, authenticated, service_role;
