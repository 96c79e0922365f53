-- A call with its times: as a word of it named them; else as its bill has them, which knows of its statuses too; else from
-- when to when somebody was heard.
create or replace function private.with_times(p_call public.calls, p_parts jsonb)
returns public.calls
language plpgsql stable security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    v_call public.calls := p_call;
    v_bill public.credit_reservations;
begin
    select * into v_bill from public.credit_reservations r where r.org_id = p_call.org_id and r.call_id = p_call.id;
    if coalesce(p_parts ->> 'started_at', '') < '1' then
        v_call.started_at := coalesce(v_bill.started_at, p_call.started_at);
    end if;
    if coalesce(p_parts ->> 'ended_at', '') < '1' then
        v_call.ended_at := coalesce(v_bill.evidence_ended_at, v_bill.ended_at, p_call.ended_at);
    end if;
    if not p_parts ? 'duration_seconds' then
        v_call.duration_seconds := coalesce(
            private.settled_seconds(v_bill)::integer,
            case when v_call.ended_at < v_call.started_at then 0
                 when v_call.ended_at - v_call.started_at <= interval '10000000 s'
                     then floor(extract(epoch from v_call.ended_at - v_call.started_at))::integer end);
    end if;
    return v_call;
end
$$;

revoke execute on function private.with_times(public.calls, jsonb) from public, anon, authenticated, service_role;
