-- The work of public.set_retention().
--
-- Raises 422 invalid_value, and what private.authorize() raises.
create or replace function private.set_retention(
    p_transcripts_days integer default null, p_recordings_days integer default null)
returns public.retention_settings
language plpgsql volatile security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    v_caller constant private.caller := private.authorize('public.set_retention');
begin
    if p_transcripts_days not between 1 and 3650 then
        perform private.fail('invalid_value', '{"field": "transcripts_days"}');
    end if;
    if p_recordings_days not between 1 and 3650 then
        perform private.fail('invalid_value', '{"field": "recordings_days"}');
    end if;

    update public.organizations
    set retention_transcripts_days = p_transcripts_days,
        retention_recordings_days = p_recordings_days,
        updated_at = now()
    where id = v_caller.org_id;
    return row(p_transcripts_days, p_recordings_days)::public.retention_settings;
end
$$;

revoke execute on function private.set_retention(integer, integer) from public, anon, authenticated, service_role;
grant execute on function private.set_retention(integer, integer) to authenticated;
