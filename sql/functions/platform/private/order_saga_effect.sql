-- Puts the effect of a saga's step on record: it is told all that the saga knows.
--
-- What makes something for an organisation goes one after the other: two sagas that look for a number to buy at the same
-- moment find the same one, and Twilio sells an account what it has already without a word. What takes something back, and
-- what is tried for ever, waits for nobody and keeps nobody waiting.
create or replace function private.order_saga_effect(p_saga private.sagas, p_kind text, p_run_at timestamptz)
returns uuid
language plpgsql volatile security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    v_makes constant boolean := p_saga.state = 'running' and exists (
        select from private.saga_steps s
        where s.saga = p_saga.saga and s.step = p_saga.step and s.on_failure = 'undo');
begin
    return private.enqueue_effect(
        p_org_id => p_saga.org_id,
        p_kind => p_kind,
        p_payload => p_saga.facts || jsonb_build_object('org_id', p_saga.org_id, 'saga_id', p_saga.id),
        p_queue_key => case when v_makes then 'saga:' || p_saga.org_id end,
        p_run_at => p_run_at);
end
$$;

revoke execute on function private.order_saga_effect(private.sagas, text, timestamptz)
    from public, anon, authenticated, service_role;
