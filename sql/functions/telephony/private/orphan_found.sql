-- A number at Twilio that nobody here has: the operator hears of it. One that bears our name is released, because it can only be
-- what a purchase left behind that was given up; another one is left to a person.
create or replace function private.orphan_found(p_org_id uuid, p_account jsonb, p_listed jsonb, p_now timestamptz)
returns void
language plpgsql volatile security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    v_ours constant boolean := p_listed ->> 'name' ~ '^voxanne:[0-9a-f-]{36}$';
begin
    perform private.alert(
        p_org_id, 'number_orphaned',
        format(
            'Twilio bills %s in subaccount %s, and nobody here has it. %s', p_listed ->> 'phone_number', p_account ->> 'sid',
            case when v_ours then 'It is released.' else 'It was not bought by us: see whose it is.' end),
        p_now);
    if v_ours then
        perform private.enqueue_effect(
            p_org_id => p_org_id,
            p_kind => 'twilio.release_number',
            p_payload => jsonb_build_object(
                'org_id', p_org_id, 'account', p_account, 'twilio_sid', p_listed ->> 'twilio_sid', 'name', p_listed ->> 'name'),
            p_run_at => p_now);
    end if;
end
$$;

revoke execute on function private.orphan_found(uuid, jsonb, jsonb, timestamptz)
    from public, anon, authenticated, service_role;
