-- What attempts are counted by: the address, or for IPv6 the /64 that one subscriber has to choose addresses from.
create or replace function private.sign_in_network(p_ip inet)
returns inet
language sql immutable security definer
set search_path = pg_catalog, pg_temp
as $$
    select case when family(p_ip) = 6 then network(set_masklen(p_ip, 64))::inet else p_ip end;
$$;

revoke execute on function private.sign_in_network(inet) from public, anon, authenticated, service_role;
