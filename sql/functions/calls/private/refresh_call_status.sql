-- What a call's state is by what is known of it, in whatever order that came: a record, once there, has the last word.
--
-- Locks: the call.
create or replace function private.refresh_call_status(p_org_id uuid, p_call_id uuid, p_now timestamptz)
returns void
language sql volatile security definer
set search_path = pg_catalog, pg_temp
as $$
    update public.calls c set
        status = f.status, updated_at = p_now
    from (
        select k.id,
               case when r.rank is not null then k.status
                    when k.ended_at is not null then case when k.started_at is null then 'failed' else 'completed' end
                    when k.started_at is not null then 'in_progress'
                    when r.admitted is false then 'failed'
                    else 'pending' end as status
        from public.calls k
        left join private.call_records r on r.org_id = k.org_id and r.call_id = k.id
        where k.org_id = p_org_id and k.id = p_call_id
    ) as f
    where c.org_id = p_org_id and c.id = f.id and c.status <> f.status;
$$;

revoke execute on function private.refresh_call_status(uuid, uuid, timestamptz)
    from public, anon, authenticated, service_role;
