-- Trigger of public.calls: keeps the dashboards' counts beside every change of a call, in the same transaction.
--
-- A row of its own a change, and not the count itself: calls of one organisation end at the same moment, and none shall wait
-- for another. A call that moves to another quarter or direction leaves the one and enters the other.
create or replace function private.count_calls()
returns trigger
language plpgsql volatile security definer
set search_path = pg_catalog, pg_temp
as $$
begin
    if tg_op <> 'INSERT' then
        perform private.add_call_count(old, -1);
    end if;
    if tg_op <> 'DELETE' then
        perform private.add_call_count(new, 1);
    end if;
    return null;
end
$$;

revoke execute on function private.count_calls() from public, anon, authenticated, service_role;
