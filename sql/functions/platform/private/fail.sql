-- Raises an error from the registry, in the one shape both doors understand.
--
-- The SQLSTATE is 'PT' and the HTTP status, which PostgREST turns into that status by itself; the message is the
-- sentence for a person, the hint the stable code, the detail JSON for the client. Everything the transaction did is
-- undone: what must be remembered although the answer is no goes through private.refuse() instead.
create or replace function private.fail(p_code text, p_details jsonb default null)
returns void
language plpgsql stable security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    v_entry private.error_registry;
begin
    select * into v_entry from private.error_registry e where e.code = p_code;
    if not found then
        raise exception 'The error code % is not in the registry.', p_code using errcode = 'XX000';
    end if;

    raise exception using
        errcode = 'PT' || v_entry.status,
        message = v_entry.sentence,
        hint = v_entry.code,
        detail = coalesce(p_details, '{}'::jsonb)::text;
end
$$;

revoke execute on function private.fail(text, jsonb) from public, anon, authenticated, service_role;
grant execute on function private.fail(text, jsonb) to anon, authenticated, service_role;
