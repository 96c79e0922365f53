-- Takes over from the server's configuration where links in emails lead and, if given, whom emails come from.
create or replace function private.configure_emails(p_app_url text, p_sender text default null)
returns void
language sql volatile security definer
set search_path = pg_catalog, pg_temp
as $$
    update private.email_settings s
    set app_url = rtrim(p_app_url, '/'), sender = coalesce(p_sender, s.sender), edited_at = now()
    where (s.app_url, s.sender) is distinct from (rtrim(p_app_url, '/'), coalesce(p_sender, s.sender));
$$;

revoke execute on function private.configure_emails(text, text) from public, anon, authenticated, service_role;
grant execute on function private.configure_emails(text, text) to service_role;
