-- The calls for verification that a phone got within the last hour, from whichever organisation; its row is the caller's until
-- commit, so that two beginners count each other.
--
-- Locks: the phone's initiations.
create or replace function private.caller_id_calls(p_phone_number text, p_now timestamptz)
returns timestamptz[]
language plpgsql volatile security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    v_recent timestamptz[];
begin
    insert into private.caller_id_initiations (phone_number) values (p_phone_number) on conflict (phone_number) do nothing;
    select array(select t from unnest(i.recent) as t where t > p_now - interval '1 hour' order by t) into strict v_recent
    from private.caller_id_initiations i
    where i.phone_number = p_phone_number
    for update;
    return v_recent;
end
$$;

revoke execute on function private.caller_id_calls(text, timestamptz) from public, anon, authenticated, service_role;
