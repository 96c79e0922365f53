-- The facts of a report without what the organisation does not keep: in what was said, what it was about, and why.
create or replace function private.redact_facts(p_org_id uuid, p_facts jsonb)
returns jsonb
language sql stable security definer
set search_path = pg_catalog, pg_temp
as $$
    select p_facts || coalesce(jsonb_object_agg(f.key, private.redact_call_json(p_org_id, f.value)), '{}')
    from jsonb_each(p_facts) as f
    where f.key in ('transcript', 'summary', 'turns', 'sentiment_summary', 'transfer_reason');
$$;

revoke execute on function private.redact_facts(uuid, jsonb) from public, anon, authenticated, service_role;
