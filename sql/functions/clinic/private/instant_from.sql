-- When the clocks of a zone show this date and time or, when it is skipped, the first one after the gap: where opening
-- hours begin and end that fall into one.
create or replace function private.instant_from(p_local timestamp, p_zone text)
returns timestamptz
language sql stable security invoker
set search_path = pg_catalog, pg_temp
as $$
    select coalesce(
        private.instant_of(p_local, p_zone),
        (select min(private.instant_of(m, p_zone))
         from generate_series(p_local, p_local + interval '3 hours', interval '1 minute') as m));
$$;

revoke execute on function private.instant_from(timestamp, text) from public, anon, authenticated, service_role;
