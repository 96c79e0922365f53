-- Gives an open invitation a token and sends it: in the email, and nowhere else. The token before it is worth nothing then.
--
-- Answers the email's id. Locks: the invitation's secret.
create or replace function private.mail_invitation(p_caller private.caller, p_invitation public.org_invitations)
returns uuid
language plpgsql volatile security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    v_token constant text := encode(extensions.gen_random_bytes(32), 'hex');
    v_hash constant bytea := sha256(convert_to(v_token, 'UTF8'));
    v_old_hash bytea;
    v_params jsonb;
begin
    select s.token_hash into v_old_hash
    from private.invitation_secrets s
    where s.org_id = p_invitation.org_id and s.invitation_id = p_invitation.id
    for update;
    delete from private.directory where kind = 'invitation' and key = encode(v_old_hash, 'hex');

    insert into private.invitation_secrets as s (org_id, invitation_id, token_hash)
    values (p_invitation.org_id, p_invitation.id, v_hash)
    on conflict (org_id, invitation_id) do update set token_hash = excluded.token_hash;
    insert into private.directory (kind, key, org_id) values ('invitation', encode(v_hash, 'hex'), p_invitation.org_id);

    select jsonb_build_object(
        'organization_name', o.name,
        'inviter_name', coalesce(p.full_name, p.email, o.name),
        'role', p_invitation.role,
        'token', v_token)
    into v_params
    from public.organizations o
    left join public.profiles p on p.org_id = o.id and p.id = p_caller.user_id
    where o.id = p_invitation.org_id;
    return private.send_email(
        p_invitation.org_id, p_invitation.email, 'invitation', v_params,
        'invitation:' || p_invitation.id || ':' || left(encode(v_hash, 'hex'), 16));
end
$$;

revoke execute on function private.mail_invitation(private.caller, public.org_invitations)
    from public, anon, authenticated, service_role;
