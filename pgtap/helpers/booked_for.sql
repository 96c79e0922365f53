-- An appointment in an organisation's diary, with these columns; answers its id.
create or replace function tests.booked_for(p_org uuid, p_values jsonb)
returns uuid
language plpgsql volatile security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    v_id constant uuid := gen_random_uuid();
    v_at constant timestamptz := coalesce((p_values ->> 'scheduled_at')::timestamptz, tests.now() + interval '1 day');
begin
    perform tests.insert_sample('public.appointments', jsonb_build_object(
        'org_id', p_org, 'id', v_id, 'title', 'Botox', 'scheduled_at', v_at, 'busy_until', v_at + interval '30 minutes',
        'created_at', tests.now(), 'updated_at', tests.now(), 'status', 'scheduled') || p_values);
    return v_id;
end
$$;
