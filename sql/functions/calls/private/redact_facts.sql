-- The facts of a report without what the organisation does not keep: in what was said, what it was about, and why.
create or replace function private.redact_facts(p_org_id uuid, p_facts jsonb)
returns jsonb
language sql stable security definer
set search_path = pg_catalog, pg_temp
as $$
    select p_facts
        || coalesce((
            select jsonb_object_agg(f.key, private.redact_call_text(p_org_id, f.value))
            from jsonb_each_text(p_facts - 'turns') as f
            where f.key in ('transcript', 'summary', 'sentiment_summary', 'transfer_reason')), '{}')
        || coalesce((
            select jsonb_build_object('turns', jsonb_agg(
                t.turn || jsonb_build_object('text', private.redact_call_text(p_org_id, t.turn ->> 'text')) order by t.place))
            from jsonb_array_elements(p_facts -> 'turns') with ordinality as t (turn, place)
            having count(*) > 0), '{}');
$$;

revoke execute on function private.redact_facts(uuid, jsonb) from public, anon, authenticated, service_role;
