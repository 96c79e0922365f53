-- Where a call under way is controlled; NULL where nobody has said.
create or replace function private.control_url_of(p_call public.calls)
returns text
language sql stable security definer
set search_path = pg_catalog, pg_temp
as $$
    select l.control_url from private.call_lines l where l.org_id = p_call.org_id and l.call_id = p_call.id;
$$;

revoke execute on function private.control_url_of(public.calls) from public, anon, authenticated, service_role;
