-- The work of public.released_number().
--
-- Raises 404 operation_not_found, and what private.authorize() raises.
create or replace function private.released_number(p_operation_id uuid)
returns public.managed_number
language plpgsql stable security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    v_caller constant private.caller := private.authorize('public.released_number');
    v_number public.managed_phone_numbers;
begin
    select n.* into v_number
    from private.sagas s
    join public.managed_phone_numbers n on n.org_id = s.org_id and n.id = s.subject_id
    where s.org_id = v_caller.org_id and s.id = p_operation_id and s.saga = 'release_number';
    if not found then
        perform private.fail('operation_not_found');
    end if;
    return private.managed_number(v_number);
end
$$;

revoke execute on function private.released_number(uuid) from public, anon, authenticated, service_role;
grant execute on function private.released_number(uuid) to authenticated;
