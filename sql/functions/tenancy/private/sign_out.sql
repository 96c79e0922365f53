-- Ends this session, the user's other sessions, or all of them.
--
-- The refresh tokens stop at once; an access token already out lives until it expires, at most an hour. Signing out twice
-- is no error. Locks: the sessions.
--
-- Raises 404 sign_in_elsewhere, 400 validation_failed.
create or replace function private.sign_out(
    p_user_id uuid,
    p_session_id uuid default null,
    p_scope text default 'global',
    p_ip inet default null,
    p_now timestamptz default now()
)
returns void
language plpgsql volatile security definer
set search_path = pg_catalog, pg_temp
as $$
begin
    if not private.sign_in_is_local() then
        perform private.fail('sign_in_elsewhere');
    end if;
    if p_scope is null or p_scope not in ('global', 'local', 'others') then
        perform private.fail('validation_failed');
    end if;

    update private.auth_sessions
    set revoked_at = p_now, revoked_because = 'signed_out'
    where user_id = p_user_id and revoked_at is null
      and case p_scope
              when 'local' then id = p_session_id
              when 'others' then id is distinct from p_session_id
              else true
          end;
    perform private.record_security_event(
        'sign_out', private.sign_in_org(p_user_id), p_user_id, jsonb_build_object('scope', p_scope), p_ip);
end
$$;

revoke execute on function private.sign_out(uuid, uuid, text, inet, timestamptz)
    from public, anon, authenticated, service_role;
grant execute on function private.sign_out(uuid, uuid, text, inet, timestamptz) to service_role;
