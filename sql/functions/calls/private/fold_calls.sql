-- Adds up what calls noted in private.call_deltas into private.call_quarters, and answers how many rows that
-- were.
--
-- Several may run at once: each takes rows nobody else has, and all take organisations and their quarters in one order. A
-- reader sees a row before or after, never both and never neither: it moves in one transaction. p_limit bounds how long
-- one lasts; what is left over is counted by readers as well.
--
-- Locks: the deltas it takes, skipping what others hold; then their quarters, by direction and time, with their months.
create or replace function private.fold_calls(p_limit bigint)
returns bigint
language plpgsql volatile security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    v_org_id uuid;
    v_left bigint := p_limit;
    v_folded bigint;
begin
    loop
        select d.org_id into v_org_id from private.call_deltas d
        where v_org_id is null or d.org_id > v_org_id order by d.org_id limit 1;
        exit when not found or v_left <= 0;
        v_folded := private.fold_calls_of(v_org_id, v_left);
        v_left := v_left - v_folded;
    end loop;
    return p_limit - v_left;
end
$$;

revoke execute on function private.fold_calls(bigint) from public, anon, authenticated, service_role;
