-- Records that an effect happened, and takes the next step of whatever it belongs to.
--
-- Answers 'done'; also when the same token finished it before. Answers 'lost' when the lease went to someone else, who
-- will finish it. Locks: as private.end_effect. May fail with a deadlock or serialization_failure: try again whole.
create or replace function private.finish_effect(
    p_id uuid, p_token uuid, p_result jsonb default null, p_now timestamptz default now())
returns text
language plpgsql volatile security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    v_effect private.effects;
begin
    select * into v_effect from private.effects e where e.id = p_id and e.lease_token = p_token;
    if not found then
        return case when exists (select from private.effects_done d where d.id = p_id and d.lease_token = p_token)
                    then 'done' else 'lost' end;
    end if;

    perform private.end_effect(v_effect, 'done', p_result, v_effect.last_error, p_now);
    return 'done';
end
$$;

revoke execute on function private.finish_effect(uuid, uuid, jsonb, timestamptz)
    from public, anon, authenticated, service_role;
grant execute on function private.finish_effect(uuid, uuid, jsonb, timestamptz) to service_role;
