-- Where Stripe's page may lead back to: one of the paths of private.return_paths, as it stands there.
--
-- A whole address is taken when it is the front end's own with such a path. Everything else (another origin, a query, a
-- fragment, anything encoded) is simply none of them.
--
-- Raises 422 return_url_not_allowed.
create or replace function private.return_path(p_return_url text)
returns text
language plpgsql stable security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    v_path text;
begin
    select p.path into v_path
    from private.return_paths p
    cross join private.email_settings s
    where p_return_url in (p.path, s.app_url || p.path);
    if not found then
        perform private.fail('return_url_not_allowed', jsonb_build_object('field', 'return_url'));
    end if;
    return v_path;
end
$$;

revoke execute on function private.return_path(text) from public, anon, authenticated, service_role;
