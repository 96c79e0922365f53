-- Checks a patch (a JSON object: an absent key stays, null clears) against the keys that may be changed.
--
-- p_fields says for each key its JSON type, with a question mark where null is allowed: {"name": "string", "phone": "string?"}.
-- What a value must look like is the tables' constraints' to say.
--
-- Raises 422 unknown_field, 422 invalid_value, both with the field.
create or replace function private.check_patch(p_patch jsonb, p_fields jsonb)
returns void
language plpgsql stable security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    v_field record;
    v_wanted text;
begin
    if p_patch is null or jsonb_typeof(p_patch) <> 'object' then
        perform private.fail('invalid_value', '{"field": "p_patch"}');
    end if;
    for v_field in select e.key, jsonb_typeof(e.value) as type from jsonb_each(p_patch) as e loop
        v_wanted := p_fields ->> v_field.key;
        if v_wanted is null then
            perform private.fail('unknown_field', jsonb_build_object('field', v_field.key));
        end if;
        if v_field.type <> rtrim(v_wanted, '?') and not (v_field.type = 'null' and right(v_wanted, 1) = '?') then
            perform private.fail('invalid_value', jsonb_build_object('field', v_field.key));
        end if;
    end loop;
end
$$;

revoke execute on function private.check_patch(jsonb, jsonb) from public, anon, authenticated, service_role;
