-- Takes back an effect that nobody has started, and answers whether there was one.
--
-- One that is running, or finished, is not touched. No continuation is called: whoever cancels knows.
-- Locks: the effect; the first waiting effect of its key.
create or replace function private.cancel_effect(p_id uuid, p_now timestamptz default now())
returns boolean
language plpgsql volatile security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    v_effect private.effects;
begin
    select * into v_effect from private.effects e where e.id = p_id and e.state in ('waiting', 'ready') for update;
    if not found then
        return false;
    end if;

    perform private.end_effect(v_effect, 'cancelled', null, v_effect.last_error, p_now);
    return true;
end
$$;

revoke execute on function private.cancel_effect(uuid, timestamptz) from public, anon, authenticated, service_role;
grant execute on function private.cancel_effect(uuid, timestamptz) to service_role;
