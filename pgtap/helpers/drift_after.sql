-- What private.reconcile_wallet() says drifts after some damage, as `check drift (detail); …`, or `nothing`. The damage is undone.
--
-- Where the damage is to ledger rows, the file takes away their triggers first, and so must run alone.
create or replace function tests.drift_after(p_org uuid, p_damage text)
returns text
language plpgsql volatile security invoker
set search_path = pg_catalog, pg_temp
as $$
declare
    v_said text;
begin
    begin
        execute p_damage;
        select string_agg(r.check_name || ' ' || r.drift || coalesce(' (' || r.detail || ')', ''), '; ' order by r.place)
        into v_said
        from private.reconcile_wallet(p_org) with ordinality as r (check_name, expected, found, drift, detail, place)
        where r.drift <> 0;
        raise exception 'enough seen' using errcode = 'UNDOO';
    exception when sqlstate 'UNDOO' then
        null;
    end;
    return coalesce(v_said, 'nothing');
end
$$;
