-- What an organisation keeps of a value from a call: every text in it, and every number that may be a card's, as
-- private.redact_call_text() keeps it. Names of fields are left.
create or replace function private.redact_call_json(p_org_id uuid, p_json jsonb)
returns jsonb
language plpgsql stable security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    v_text constant text := p_json #>> '{}';
    v_kept text;
begin
    if jsonb_typeof(p_json) = 'object' then
        return (select coalesce(jsonb_object_agg(e.key, private.redact_call_json(p_org_id, e.value)), '{}')
                from jsonb_each(p_json) as e);
    elsif jsonb_typeof(p_json) = 'array' then
        return (select coalesce(jsonb_agg(private.redact_call_json(p_org_id, e.value) order by e.place), '[]')
                from jsonb_array_elements(p_json) with ordinality as e (value, place));
    elsif jsonb_typeof(p_json) in ('string', 'number') then
        v_kept := private.redact_call_text(p_org_id, v_text);
        return case when v_kept = v_text then p_json else to_jsonb(v_kept) end;
    end if;
    return p_json;
end
$$;

revoke execute on function private.redact_call_json(uuid, jsonb) from public, anon, authenticated, service_role;
