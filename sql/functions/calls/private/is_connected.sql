-- Whether anybody was reached in a call that has ended: it has a start, or lasted; with neither, what ended it has to say so,
-- or somebody was heard.
create or replace function private.is_connected(p_call public.calls)
returns boolean
language sql stable security definer
set search_path = pg_catalog, pg_temp
as $$
    select case
        when p_call.started_at is not null or p_call.duration_seconds > 0 then true
        when (private.ended_reason(p_call.ended_reason)).connected = 'never' then false
        else (private.ended_reason(p_call.ended_reason)).connected = 'known' or p_call.turns @> '[{"role": "caller"}]'
    end;
$$;

revoke execute on function private.is_connected(public.calls) from public, anon, authenticated, service_role;
