-- The step after the effect calls.report_due: a call whose report has not come is asked after at the provider, who remembers
-- it. After the fourth time an operator hears of it.
--
-- Locks: enqueues, so last.
create or replace function private.report_due(p_effect jsonb, p_outcome text, p_result jsonb)
returns void
language plpgsql volatile security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    v_org_id constant uuid := (p_effect #>> '{payload,org_id}')::uuid;
    v_call_id constant uuid := (p_effect #>> '{payload,call_id}')::uuid;
    v_asked constant integer := (p_effect #>> '{payload,asked}')::integer + 1;
    v_now constant timestamptz := (p_effect ->> 'ended_at')::timestamptz;
    v_vapi_call_id constant text := (
        select c.vapi_call_id
        from public.calls c
        left join private.call_records r on r.org_id = c.org_id and r.call_id = c.id
        where c.org_id = v_org_id and c.id = v_call_id and r.rank is null);
begin
    if v_vapi_call_id is null then
        return;
    end if;
    perform private.enqueue_effect(
        p_org_id => v_org_id, p_kind => 'vapi.poll_call',
        p_payload => jsonb_build_object('org_id', v_org_id, 'call_id', v_call_id, 'vapi_call_id', v_vapi_call_id),
        p_run_at => v_now);
    if v_asked < 4 then
        perform private.await_report(v_org_id, v_call_id, v_asked, v_now);
    else
        perform private.alert(v_org_id, 'report_lost', format(
            'The provider has sent no report of the call %s in hours, and told none when it was asked.', v_call_id), v_now);
    end if;
end
$$;

revoke execute on function private.report_due(jsonb, text, jsonb) from public, anon, authenticated, service_role;
