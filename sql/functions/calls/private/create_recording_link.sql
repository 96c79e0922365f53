-- Makes a link to a call's recording for somebody without an account, for 24 hours, and answers its token.
--
-- The token is in this answer and nowhere else: 256 bits at random, of which a hash is kept. p_user_id is who shared it, null
-- for an API key. Locks: none.
--
-- Raises 404 call_not_found, 404 recording_not_ready, 404 recording_not_found.
create or replace function private.create_recording_link(
    p_org_id uuid, p_call_id uuid, p_user_id uuid, p_now timestamptz default now()
)
returns text
language plpgsql volatile security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    v_token constant text := translate(encode(extensions.gen_random_bytes(32), 'base64'), '+/=', '-_');
    v_call public.calls;
begin
    select * into v_call from public.calls c where c.org_id = p_org_id and c.id = p_call_id;
    if not found then
        perform private.fail('call_not_found');
    end if;
    perform private.check_recording(v_call);
    insert into private.recording_links (token_hash, org_id, call_id, created_by, expires_at, created_at)
    values (private.recording_token_hash(v_token), p_org_id, p_call_id, p_user_id, p_now + interval '24 hours', p_now);
    return v_token;
end
$$;

revoke execute on function private.create_recording_link(uuid, uuid, uuid, timestamptz)
    from public, anon, authenticated, service_role;
