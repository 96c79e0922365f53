-- Lets the caller into one function, or says why not. Every function that a client may call begins with it.
--
-- The function's row in private.grant_matrix says what it takes: a role for a person, a scope for an API key. A row without
-- a role asks for a signed-in person only, who may have no organisation. Whoever is neither anon nor authenticated (the
-- worker pool, the owner at a prompt) passes where the row has service_role, and carries no organisation: such functions
-- are told it. A bare name is one of schema public.
--
-- Raises 401 not_signed_in, 401 invalid_token, 403 no_organization, 403 not_a_member, 403 account_suspended,
-- 403 role_too_low, 403 scope_missing, 403 not_allowed.
create or replace function private.authorize(p_function text)
returns private.caller
language plpgsql stable security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    v_entry private.grant_matrix;
    v_member private.membership_state;
begin
    select * into v_entry
    from private.grant_matrix g
    where g.function = case when strpos(p_function, '.') = 0 then 'public.' || p_function else p_function end;
    if not found then
        raise exception 'The function % is not in the grant matrix.', p_function using errcode = 'XX000';
    end if;

    -- The role GUC, unlike current_user, is not changed by a security definer function.
    if v_entry.service_role and current_setting('role') not in ('anon', 'authenticated') then
        return row(null, null, null, 'service_role')::private.caller;
    end if;
    if not v_entry.authenticated then
        perform private.fail('not_allowed');
    end if;

    v_member := private.membership();
    if v_member.state = 'anonymous' then
        perform private.fail('not_signed_in');
    elsif v_entry.least_role is not null or v_member.api_key_id is not null then
        case v_member.state
            when 'invalid_token' then perform private.fail('invalid_token');
            when 'no_organization' then perform private.fail('no_organization');
            when 'not_a_member' then perform private.fail('not_a_member');
            when 'suspended' then perform private.fail('account_suspended');
            else null;
        end case;
    end if;

    if v_member.api_key_id is not null then
        if v_entry.scope is null or v_entry.scope <> all (v_member.scopes) then
            perform private.fail('scope_missing', jsonb_strip_nulls(jsonb_build_object('scope', v_entry.scope)));
        end if;
    elsif private.role_rank(v_member.role) < private.role_rank(v_entry.least_role) then
        perform private.fail('role_too_low', jsonb_build_object('least_role', v_entry.least_role));
    end if;

    return row(v_member.org_id, v_member.user_id, v_member.api_key_id, v_member.role)::private.caller;
end
$$;

revoke execute on function private.authorize(text) from public, anon, authenticated, service_role;
grant execute on function private.authorize(text) to anon, authenticated, service_role;
