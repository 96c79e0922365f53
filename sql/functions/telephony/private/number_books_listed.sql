-- The step after the effect twilio.list_numbers: what Twilio has and we have not is an orphan that somebody pays for, what we have
-- and Twilio has not no longer rings. What changed since Twilio was asked is looked at the next night. A subaccount that may not
-- list what it has is suspended, or its token is another one.
--
-- Locks: the subaccount, the alerts; then enqueues.
create or replace function private.number_books_listed(p_effect jsonb, p_outcome text, p_result jsonb)
returns void
language plpgsql volatile security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    v_org_id constant uuid := (p_effect #>> '{payload,org_id}')::uuid;
    v_now constant timestamptz := (p_effect ->> 'ended_at')::timestamptz;
    v_listed jsonb;
    v_lost text;
begin
    if p_outcome <> 'done' then
        return;
    end if;
    perform private.subaccount_checked(
        v_org_id, p_effect #>> '{payload,account,sid}', not p_result ? 'refused', p_result ->> 'said', v_now);
    if p_result ? 'refused' then
        return;
    end if;
    for v_listed in
        select n from jsonb_array_elements(p_result -> 'numbers') as n
        where not exists (
            select from public.managed_phone_numbers m
            where m.org_id = v_org_id and (m.twilio_sid = n ->> 'twilio_sid' or 'voxanne:' || m.id = n ->> 'name')
              and (m.status in ('provisioning', 'active', 'releasing') or m.updated_at > (p_effect ->> 'run_at')::timestamptz))
    loop
        perform private.orphan_found(v_org_id, p_effect #> '{payload,account}', v_listed, v_now);
    end loop;

    select string_agg(m.phone_number, ', ' order by m.phone_number) into v_lost
    from public.managed_phone_numbers m
    where m.org_id = v_org_id and m.status = 'active' and m.updated_at < (p_effect ->> 'run_at')::timestamptz
      and m.subaccount_sid = p_effect #>> '{payload,account,sid}'
      and not exists (
          select from jsonb_array_elements(p_result -> 'numbers') as n where n ->> 'twilio_sid' = m.twilio_sid);
    if v_lost is not null then
        perform private.alert(v_org_id, 'number_gone', format('Twilio does not have %s any more.', v_lost), v_now);
    end if;
end
$$;

revoke execute on function private.number_books_listed(jsonb, text, jsonb) from public, anon, authenticated, service_role;
