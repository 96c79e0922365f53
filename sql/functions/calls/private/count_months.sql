-- Trigger of private.call_quarters: keeps the months that its rows add up to, so that they cannot differ.
--
-- Locks: the months, in the order in which the quarters are written: by direction and time (private.fold_calls_of()).
create or replace function private.count_months()
returns trigger
language plpgsql volatile security definer
set search_path = pg_catalog, pg_temp
as $$
begin
    if tg_op <> 'INSERT' then
        perform private.add_to_month(old, -1);
    end if;
    if tg_op <> 'DELETE' then
        perform private.add_to_month(new, 1);
    end if;
    return null;
end
$$;

revoke execute on function private.count_months() from public, anon, authenticated, service_role;
