-- Makes an account with an email and a password, and signs it in.
--
-- The trigger on auth.users makes the organisation, the wallet and the profile in this same transaction. A taken email is
-- refused in words, as Supabase does where no confirmation is asked; tries are counted by address so that nobody can walk
-- through a list of addresses. An invited email joins the organisation that invited it, and nothing here confirms that an
-- address is its owner's: so it takes the token from the invitation's email, as `invitation_token` in the data. Locks:
-- advisory, the email; then the open invitation.
--
-- Raises 404 sign_in_elsewhere, 400 email_address_invalid, 422 weak_password, 422 user_metadata_invalid. Refuses with
-- 403 invitation_token_needed, 422 user_already_exists, 429 over_request_rate_limit.
create or replace function private.sign_up(
    p_email text,
    p_password text,
    p_data jsonb default null,
    p_ip inet default null,
    p_user_agent text default null,
    p_now timestamptz default now()
)
returns jsonb
language plpgsql volatile security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    v_network constant inet := private.sign_in_network(p_ip);
    v_email text;
    v_hash text;
    v_user_id uuid;
    v_invitation public.org_invitations;
begin
    if not private.sign_in_is_local() then
        perform private.fail('sign_in_elsewhere');
    end if;
    v_email := private.sign_in_email(p_email);
    perform private.sign_in_check_metadata(p_data);

    if private.sign_in_limited('sign_up', v_email, v_network, p_now) then
        return private.refuse('over_request_rate_limit');
    end if;

    v_hash := private.sign_in_password_hash(p_password);
    v_invitation := private.open_invitation(v_email, p_now);
    if v_invitation.id is not null and not exists (
        select from private.invitation_secrets s
        where s.org_id = v_invitation.org_id and s.invitation_id = v_invitation.id
          and s.token_hash = sha256(convert_to(coalesce(p_data ->> 'invitation_token', ''), 'UTF8')))
    then
        insert into private.sign_in_attempts (kind, email, ip, succeeded, attempted_at)
        values ('sign_up', v_email, v_network, false, p_now);
        return private.refuse('invitation_token_needed');
    end if;

    insert into auth.users (
        id, aud, role, email, encrypted_password, email_confirmed_at,
        raw_app_meta_data, raw_user_meta_data, created_at, updated_at
    )
    values (
        gen_random_uuid(), 'authenticated', 'authenticated', v_email, v_hash, p_now,
        '{"provider": "email", "providers": ["email"]}', coalesce(p_data, '{}') - 'invitation_token', p_now, p_now
    )
    on conflict do nothing
    returning id into v_user_id;

    insert into private.sign_in_attempts (kind, email, ip, succeeded, attempted_at)
    values ('sign_up', v_email, v_network, v_user_id is not null, p_now);
    if private.sign_in_limited('sign_up', v_email, v_network, p_now) then
        perform private.record_security_event('sign_up_limited', null, v_user_id, jsonb_build_object('email', v_email), p_ip);
    end if;
    if v_user_id is null then
        return private.refuse('user_already_exists');
    end if;

    perform private.record_security_event('sign_up', private.sign_in_org(v_user_id), v_user_id, '{}', p_ip);
    return private.sign_in_open_session(v_user_id, p_ip, p_user_agent, p_now);
end
$$;

revoke execute on function private.sign_up(text, text, jsonb, inet, text, timestamptz)
    from public, anon, authenticated, service_role;
grant execute on function private.sign_up(text, text, jsonb, inet, text, timestamptz) to service_role;
