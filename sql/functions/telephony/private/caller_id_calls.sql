-- The calls for verification that a phone got within the last hour, from whichever organisation; its row is the caller's until
-- commit, so that two beginners count each other. One statement makes and holds it: the cleanup deletes nothing in between.
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
    insert into private.caller_id_initiations as i (phone_number) values (p_phone_number)
    on conflict (phone_number) do update set recent = i.recent
    returning i.recent into strict v_recent;
    return array(select t from unnest(v_recent) as t where t > p_now - interval '1 hour' order by t);
end
$$;

revoke execute on function private.caller_id_calls(text, timestamptz) from public, anon, authenticated, service_role;
