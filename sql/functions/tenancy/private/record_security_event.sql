-- Notes something that touches security: a sign-in, a refused token, an attempt across organisations, a key's use.
--
-- Meant to outlive the request it is about: what an aborted request should leave behind is written by the worker pool in a
-- transaction of its own. The details never hold a password, a token or a key.
create or replace function private.record_security_event(
    p_kind text,
    p_org_id uuid default null,
    p_user_id uuid default null,
    p_details jsonb default '{}',
    p_ip inet default null
)
returns void
language sql volatile security definer
set search_path = pg_catalog, pg_temp
as $$
    insert into public.security_audit_log (org_id, kind, user_id, details, ip)
    values (coalesce(p_org_id, '00000000-0000-0000-0000-000000000000'), p_kind, p_user_id, coalesce(p_details, '{}'), p_ip);
$$;

revoke execute on function private.record_security_event(text, uuid, uuid, jsonb, inet)
    from public, anon, authenticated, service_role;
grant execute on function private.record_security_event(text, uuid, uuid, jsonb, inet) to service_role;
