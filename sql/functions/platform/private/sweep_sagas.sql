-- Finds sagas that wait for an effect nobody will finish, because someone cancelled it, and orders it again.
--
-- Locks: the sagas, passing over those someone holds; then effects.
create or replace function private.sweep_sagas(p_now timestamptz default now())
returns integer
language plpgsql volatile security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    v_saga private.sagas;
    v_count integer := 0;
begin
    for v_saga in
        select s.* from private.sagas s
        where s.finished_at is null and s.updated_at < p_now - interval '5 minutes'
          and not exists (select from private.effects e where e.id = s.effect_id)
        order by s.updated_at
        limit 100
        for update skip locked
    loop
        v_saga.effect_id := private.order_saga_effect(v_saga, private.saga_effect_kind(v_saga), p_now);
        perform private.keep_saga(v_saga, p_now);
        perform private.alert(
            v_saga.org_id, 'saga_lost_its_effect',
            format('The saga %s (%s) waited for an effect that is gone, cancelled perhaps: it is ordered again.', v_saga.saga, v_saga.id),
            p_now);
        v_count := v_count + 1;
    end loop;
    return v_count;
end
$$;

revoke execute on function private.sweep_sagas(timestamptz) from public, anon, authenticated, service_role;
grant execute on function private.sweep_sagas(timestamptz) to service_role;
