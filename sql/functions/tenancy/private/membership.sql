-- What the caller's signed claims are worth at this moment: the one place where membership is decided.
--
-- Only sub, api_key_id and app_metadata.org_id are read: a user can write user_metadata. The state is one of anonymous,
-- no_organization, invalid_token, not_a_member, suspended and active; org_id and role are set in the last alone, so that
-- whoever forgets the state still opens nothing. Every policy and function asks this, so the claims are read without a call
-- of auth.jwt(), which would cost as much as the rest.
create or replace function private.membership(p_now timestamptz default now())
returns private.membership_state
language plpgsql stable security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    c_uuid constant text := '^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$';
    v_claims constant jsonb := nullif(current_setting('request.jwt.claims', true), '')::jsonb;
    v_org text := v_claims #>> '{app_metadata,org_id}';
    v_user text := v_claims ->> 'sub';
    v_key text := v_claims ->> 'api_key_id';
    v_answer private.membership_state;
    v_suspended boolean;
    v_status text;
    v_role text;
begin
    if v_user ~* c_uuid then
        v_answer.user_id := v_user::uuid;
    elsif v_user is null and v_key ~* c_uuid then
        v_answer.api_key_id := v_key::uuid;
    else
        v_answer.state := 'anonymous';
        return v_answer;
    end if;
    if v_org is null or v_org !~* c_uuid then
        v_answer.state := 'no_organization';
        return v_answer;
    end if;

    if v_answer.user_id is not null then
        select o.suspended_at is not null, p.status, p.role into v_suspended, v_status, v_role
        from public.organizations o
        left join public.profiles p on p.org_id = o.id and p.id = v_answer.user_id
        where o.id = v_org::uuid;
        v_answer.state := case
            when v_status is null or v_status = 'inactive' then 'not_a_member'
            when v_suspended or v_status = 'suspended' then 'suspended'
            else 'active'
        end;
    else
        select o.suspended_at is not null, k.scopes into v_suspended, v_answer.scopes
        from public.organizations o
        join public.api_keys k on k.org_id = o.id and k.id = v_answer.api_key_id
        where o.id = v_org::uuid and k.revoked_at is null and (k.expires_at is null or k.expires_at > p_now);
        v_answer.state := case
            when v_suspended is null then 'invalid_token'
            when v_suspended then 'suspended'
            else 'active'
        end;
    end if;

    if v_answer.state = 'active' then
        v_answer.org_id := v_org::uuid;
        v_answer.role := v_role;
    end if;
    return v_answer;
end
$$;

revoke execute on function private.membership(timestamptz) from public, anon, authenticated, service_role;
