-- Takes over from the server's configuration where links in emails that lead to the server itself lead.
create or replace function private.configure_links(p_api_url text)
returns void
language sql volatile security definer
set search_path = pg_catalog, pg_temp
as $$
    update private.email_settings s set api_url = rtrim(p_api_url, '/') where s.api_url <> rtrim(p_api_url, '/');
$$;

revoke execute on function private.configure_links(text) from public, anon, authenticated, service_role;
grant execute on function private.configure_links(text) to service_role;
