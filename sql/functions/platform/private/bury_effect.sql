-- Makes an effect a dead letter and tells the operator, unless it was the telling that died.
--
-- Locks: as private.end_effect; then the alert's row.
create or replace function private.bury_effect(p_effect private.effects, p_error text, p_now timestamptz)
returns void
language plpgsql volatile security definer
set search_path = pg_catalog, pg_temp
as $$
begin
    perform private.end_effect(p_effect, 'dead', null, p_error, p_now);
    if p_effect.kind <> 'slack.message' then
        perform private.alert(
            p_effect.org_id, 'effect_dead:' || p_effect.kind,
            format('An effect of kind %s was given up after %s attempts: %s (%s)',
                   p_effect.kind, p_effect.attempts, left(p_error, 300), p_effect.id),
            p_now);
    end if;
end
$$;

revoke execute on function private.bury_effect(private.effects, text, timestamptz)
    from public, anon, authenticated, service_role;
