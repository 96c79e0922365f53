-- The work of public.set_feature_flag(). A description left out stays as it was.
--
-- Raises 403 not_allowed, 422 invalid_value.
create or replace function private.set_feature_flag(
    p_name text, p_enabled boolean, p_rollout_percentage integer default 100, p_description text default null)
returns public.feature_flags
language plpgsql volatile security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    v_flag public.feature_flags;
begin
    perform private.authorize('public.set_feature_flag');
    if p_name is null or p_name !~ '^[a-z][a-z0-9_.-]{0,99}$' then
        perform private.fail('invalid_value', '{"field": "name"}');
    end if;
    if p_enabled is null then
        perform private.fail('invalid_value', '{"field": "enabled"}');
    end if;
    if p_rollout_percentage is null or p_rollout_percentage not between 0 and 100 then
        perform private.fail('invalid_value', '{"field": "rollout_percentage"}');
    end if;

    insert into public.feature_flags as f (name, description, enabled, rollout_percentage)
    values (p_name, p_description, p_enabled, p_rollout_percentage)
    on conflict (name) do update
        set description = coalesce(excluded.description, f.description),
            enabled = excluded.enabled,
            rollout_percentage = excluded.rollout_percentage,
            updated_at = now()
    returning f.* into v_flag;

    perform private.record_security_event('feature_flag_set', null, null, jsonb_build_object(
        'name', p_name, 'enabled', p_enabled, 'rollout_percentage', p_rollout_percentage));
    return v_flag;
end
$$;

revoke execute on function private.set_feature_flag(text, boolean, integer, text) from public, anon, authenticated, service_role;
grant execute on function private.set_feature_flag(text, boolean, integer, text) to service_role;
