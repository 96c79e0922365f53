-- Notes that making something of a kept webhook failed, and when to try again: after 30 s, doubling, an hour at most.
--
-- The eighth failure makes it a dead letter and alerts; from then on only a person moves it. Answers the new state, or
-- NULL when someone else has finished the row meanwhile.
create or replace function private.fail_webhook(p_id uuid, p_error text, p_now timestamptz default now())
returns text
language plpgsql volatile security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    v_row private.webhook_inbox;
begin
    update private.webhook_inbox w
    set state = case when w.attempts >= 7 then 'dead' else 'failed' end,
        attempts = w.attempts + 1,
        next_attempt_at = p_now + least(interval '30 seconds' * 2 ^ least(w.attempts, 10), interval '1 hour'),
        last_error = left(p_error, 2000)
    where w.id = p_id and w.state in ('received', 'failed')
    returning w.* into v_row;

    if v_row.state = 'dead' then
        perform private.alert(v_row.org_id, 'webhook_dead', format(
            'A webhook of %s (%s, %s) could not be processed: %s',
            v_row.provider, coalesce(v_row.event_type, 'unknown type'), v_row.id, v_row.last_error), p_now);
    end if;
    return v_row.state;
end
$$;

revoke execute on function private.fail_webhook(uuid, text, timestamptz) from public, anon, authenticated, service_role;
grant execute on function private.fail_webhook(uuid, text, timestamptz) to service_role;
