-- Whom a caller is passed on to: by the first of the clinic's rules that applies, in their order; where none does, the
-- agent's own number.
--
-- A rule without a number says that nobody is rung. One whose number may not be rung gives way to the agent's number.
create or replace function private.escalation_of(p_call public.calls, p_said text, p_urgency text, p_now timestamptz)
returns private.escalation
language plpgsql stable security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    v_zone constant text := private.zone_of(p_call.org_id);
    v_rule public.escalation_rules;
    v_number text;
begin
    select * into v_rule
    from public.escalation_rules r
    where r.org_id = p_call.org_id and r.is_active
      and private.is_within_hours(r.hours, v_zone, p_now)
      and case r.trigger
          when 'request' then true
          when 'keyword' then private.says_any(p_said, r.keywords)
          when 'urgency' then private.urgency_rank(p_urgency) >= private.urgency_rank(r.min_urgency)
          when 'after_hours' then not private.clinic_is_open(p_call, p_now) end
    order by r.priority, r.id
    limit 1;
    v_number := v_rule.transfer_to;
    if v_rule.id is not null and v_number is null then
        return (null, v_rule.name, v_rule.fallback)::private.escalation;
    end if;
    if v_number is null or not private.may_be_rung(p_call, v_number) then
        select a.transfer_number into v_number from public.agents a where a.org_id = p_call.org_id and a.id = p_call.agent_id;
    end if;
    return (
        case when private.may_be_rung(p_call, v_number) then v_number end, v_rule.name, coalesce(v_rule.fallback, 'message')
    )::private.escalation;
end
$$;

revoke execute on function private.escalation_of(public.calls, text, text, timestamptz) from public, anon, authenticated, service_role;
