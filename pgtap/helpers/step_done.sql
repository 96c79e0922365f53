-- The effect a saga waits for has ended so: what the worker would report, in its own transaction's place.
create or replace function tests.step_done(
    p_saga uuid, p_result jsonb default '{}', p_outcome text default 'done', p_now timestamptz default now())
returns text
language plpgsql volatile security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    v_effect private.effects;
begin
    select e.* into strict v_effect from private.sagas s join private.effects e on e.id = s.effect_id where s.id = p_saga;
    perform private.end_effect(v_effect, p_outcome, p_result, case when p_outcome <> 'done' then 'It said no.' end, p_now);
    return (select format('%s %s %s', s.state, s.step, (select e.kind from private.effects e where e.id = s.effect_id))
            from private.sagas s where s.id = p_saga);
end
$$;
