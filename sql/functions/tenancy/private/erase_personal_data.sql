-- The work of public.erase_personal_data(). Locks: the organisation's admins, the account, then row by row.
--
-- Raises 404 person_not_found, 409 last_admin, 422 unknown_subject, and what private.authorize() raises.
create or replace function private.erase_personal_data(p_subject text, p_id uuid)
returns table (table_name text, rows_changed bigint)
language plpgsql volatile security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    v_caller constant private.caller := private.authorize('public.erase_personal_data');
    v_identifiers text[];
begin
    select t.p_identifiers into v_identifiers from private.personal_traces(v_caller.org_id, p_subject, p_id) as t;
    if v_identifiers is null then
        perform private.fail('person_not_found');
    end if;
    if p_subject = 'member' then
        perform private.end_membership(v_caller.org_id, p_id, v_identifiers);
    end if;

    return query select r.table_name, r.rows_changed from private.redact_personal_data(v_caller.org_id, p_subject, p_id) as r;
    perform private.record_security_event(
        'personal_data_erased', v_caller.org_id, v_caller.user_id, jsonb_build_object('subject', p_subject, 'id', p_id));
end
$$;

revoke execute on function private.erase_personal_data(text, uuid) from public, anon, authenticated, service_role;
grant execute on function private.erase_personal_data(text, uuid) to authenticated;
