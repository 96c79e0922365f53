-- Trigger: a new account gets its organisation in the transaction that made it.
--
-- A sign-up never fails for a reason that can be repaired later: the reason goes to the security audit, the account stands
-- without an organisation (and reads nothing), and repair_org_membership() mends it.
create or replace function private.on_user_created()
returns trigger
language plpgsql volatile security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    v_org_id uuid;
    v_state text;
    v_message text;
begin
    begin
        v_org_id := private.join_organization(new.id);
    exception when others then
        get stacked diagnostics v_state = returned_sqlstate, v_message = message_text;
        perform private.record_security_event(
            'sign_up_incomplete', null, new.id, jsonb_build_object('sqlstate', v_state, 'message', v_message));
        return null;
    end;

    begin
        perform private.send_welcome(v_org_id, new.id);
    exception when others then
        get stacked diagnostics v_state = returned_sqlstate, v_message = message_text;
        perform private.record_security_event(
            'welcome_email_failed', v_org_id, new.id, jsonb_build_object('sqlstate', v_state, 'message', v_message));
    end;
    return null;
end
$$;

revoke execute on function private.on_user_created() from public, anon, authenticated, service_role;
