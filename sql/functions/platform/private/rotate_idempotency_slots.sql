-- Empties the slot that tomorrow's answers will go to; answers whether there was anything in it.
--
-- Locks: that slot exclusively, which neither today's nor yesterday's answers are in.
create or replace function private.rotate_idempotency_slots(p_now timestamptz default now())
returns boolean
language plpgsql volatile security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    v_slot smallint := private.day_slot(p_now + interval '1 day', 3);
begin
    if not exists (select from private.idempotency_keys i where i.slot = v_slot) then
        return false;
    end if;
    execute format('truncate private.%I', 'idempotency_keys_' || v_slot);
    return true;
end
$$;

revoke execute on function private.rotate_idempotency_slots(timestamptz) from public, anon, authenticated, service_role;
grant execute on function private.rotate_idempotency_slots(timestamptz) to service_role;
