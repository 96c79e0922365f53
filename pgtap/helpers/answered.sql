-- The newest effect of this kind for this organisation has ended so: what the worker would report. Returns its payload.
create or replace function tests.answered(
    p_org uuid, p_kind text, p_result jsonb default '{}', p_outcome text default 'done', p_now timestamptz default now())
returns jsonb
language plpgsql volatile security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    v_effect private.effects;
begin
    select * into strict v_effect from private.effects e where e.org_id = p_org and e.kind = p_kind order by e.id desc limit 1;
    perform private.end_effect(v_effect, p_outcome, p_result, case when p_outcome <> 'done' then 'It said no.' end, p_now);
    return v_effect.payload;
end
$$;
