-- What among these values is not this call's organisation's: 'organisation', 'call' or 'record'; NULL when all is its own.
--
-- An organisation or a call named is this one or another's. With p_every any UUID must be one of its own records, without
-- it those under a record's name. Ids that are its own give no right to anything: tools find by the caller alone.
create or replace function private.names_others(p_call public.calls, p_values jsonb, p_every boolean)
returns text
language sql stable security definer
set search_path = pg_catalog, pg_temp
as $$
    select min(case
        when n.key ~ '^(org|organi[sz]ation|tenant|clinic)id$' and n.value is distinct from p_call.org_id::text then 'organisation'
        when n.key ~ '^(vapi)?callid$' and n.value not in (p_call.id::text, coalesce(p_call.vapi_call_id, '')) then 'call'
        when n.key ~ '^((org|organi[sz]ation|tenant|clinic)|(vapi)?call)id$' then null
        when private.uuid_or_null(n.value) is null then null
        when (p_every or n.key ~ '^(contact|patient|customer|caller|appointment|booking|service|practitioner|doctor|provider|slot|message)(id)?$')
            and not private.is_own_record(p_call, n.value::uuid) then 'record'
        end)
    from (
        select lower(regexp_replace(f.field ->> 'key', '[^A-Za-z]', '', 'g')) as key, lower(btrim(v.value #>> '{}')) as value
        from jsonb_path_query(p_values, '$.** ? (@.type() == "object").keyvalue()') as f (field)
        cross join lateral jsonb_array_elements(case jsonb_typeof(f.field -> 'value')
            when 'array' then f.field -> 'value' else jsonb_build_array(f.field -> 'value') end) as v (value)
        where jsonb_typeof(v.value) in ('string', 'number') and btrim(v.value #>> '{}') <> ''
    ) as n;
$$;

revoke execute on function private.names_others(public.calls, jsonb, boolean) from public, anon, authenticated, service_role;
