-- What it means that a call ended as it did: the row of the reason, or of the longest beginning that fits. A reason nobody
-- has heard of says nothing of whether the call was connected.
create or replace function private.ended_reason(p_reason text)
returns private.ended_reasons
language sql stable security definer
set search_path = pg_catalog, pg_temp
as $$
    select r.*
    from (
        select e.* from private.ended_reasons e
        where e.reason = p_reason or (right(e.reason, 1) = '*' and starts_with(p_reason, left(e.reason, -1)))
        union all
        values ('', 'unknown', false, 'The call ended.', null::timestamptz)
    ) as r
    order by r.reason = p_reason desc, length(r.reason) desc
    limit 1;
$$;

revoke execute on function private.ended_reason(text) from public, anon, authenticated, service_role;
