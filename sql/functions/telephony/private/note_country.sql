-- Writes down who wanted something of which country, and why it was refused, when it was.
create or replace function private.note_country(
    p_org_id uuid, p_user_id uuid, p_country_code text, p_action text, p_refusal text
)
returns void
language sql volatile security definer
set search_path = pg_catalog, pg_temp
as $$
    insert into public.telephony_country_audit_log (org_id, user_id, country_code, action, allowed, reason)
    values (p_org_id, p_user_id, left(coalesce(nullif(p_country_code, ''), '?'), 100), p_action, p_refusal is null, p_refusal);
$$;

revoke execute on function private.note_country(uuid, uuid, text, text, text)
    from public, anon, authenticated, service_role;
