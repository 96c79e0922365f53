-- A number at Twilio that nobody here has: the operator hears of it. One whose purchase we gave up, or that we gave back, is
-- released. Any other is left to a person: one with our name and no row of ours may mean that this database was restored and
-- has forgotten what its customers still have.
create or replace function private.orphan_found(p_org_id uuid, p_account jsonb, p_listed jsonb, p_now timestamptz)
returns void
language plpgsql volatile security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    v_given_up constant boolean := exists (
        select from public.managed_phone_numbers m
        where m.org_id = p_org_id and 'voxanne:' || m.id = p_listed ->> 'name' and m.status in ('failed', 'released'));
begin
    perform private.alert(
        p_org_id, 'number_orphaned',
        format(
            'Twilio bills %s in subaccount %s, and nobody here has it. %s', p_listed ->> 'phone_number', p_account ->> 'sid',
            case when v_given_up then 'It is released.' else 'We know nothing of it: see whose it is.' end),
        p_now);
    if v_given_up then
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
