-- The work of public.send_invitation_again(). Locks: the invitation.
--
-- Raises 404 invitation_not_found, 409 invitation_used, 410 invitation_expired, 409 email_suppressed, 429 too_many_requests,
-- and what private.authorize() raises.
create or replace function private.send_invitation_again(p_invitation_id uuid, p_now timestamptz default now())
returns public.operation
language plpgsql volatile security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    c_pause constant interval := interval '1 minute';
    v_caller constant private.caller := private.authorize('public.send_invitation_again');
    v_invitation public.org_invitations;
    v_email_id uuid;
    v_effect_id uuid;
begin
    select i.* into v_invitation
    from public.org_invitations i
    where i.org_id = v_caller.org_id and i.id = p_invitation_id
    for no key update;
    if not found then
        perform private.fail('invitation_not_found');
    elsif v_invitation.status = 'accepted' then
        perform private.fail('invitation_used');
    elsif v_invitation.status <> 'pending' or v_invitation.expires_at <= p_now then
        perform private.fail('invitation_expired');
    end if;
    if exists (select from private.emails e
               where e.org_id = v_caller.org_id and lower(e.recipient) = lower(v_invitation.email)
                 and e.template = 'invitation' and e.created_at > p_now - c_pause) then
        perform private.fail('too_many_requests');
    end if;

    v_email_id := private.mail_invitation(v_caller, v_invitation);
    select e.effect_id into v_effect_id from private.emails e where e.org_id = v_caller.org_id and e.id = v_email_id;
    if v_effect_id is null then
        perform private.fail('email_suppressed');
    end if;
    return private.get_operation(v_effect_id);
end
$$;

revoke execute on function private.send_invitation_again(uuid, timestamptz) from public, anon, authenticated, service_role;
grant execute on function private.send_invitation_again(uuid, timestamptz) to authenticated;
