-- An effect as its continuation gets it: the newest of this kind for this organisation, finished at p_now.
create or replace function tests.carried_out(p_org uuid, p_kind text, p_now timestamptz)
returns jsonb
language sql volatile security definer
set search_path = pg_catalog, pg_temp
as $$
    select to_jsonb(e) || jsonb_build_object('ended_at', p_now)
    from private.effects e
    where e.org_id = p_org and e.kind = p_kind
    order by e.id desc
    limit 1;
$$;
