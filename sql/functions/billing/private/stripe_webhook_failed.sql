-- Keeps a webhook of Stripe's that nothing could be made of, tells the operator why, and answers its state.
--
-- When trying again may help it goes the way of every failure, with its pauses; else it is put aside at once, and only a
-- person moves it. The caller holds the row.
create or replace function private.stripe_webhook_failed(
    p_row private.webhook_inbox, p_verdict private.webhook_verdict, p_now timestamptz default now())
returns text
language plpgsql volatile security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    v_state text := 'dead';
begin
    update private.webhook_inbox w set org_id = p_verdict.org_id where w.id = p_row.id;
    if p_verdict.try_again and p_row.state <> 'dead' then
        v_state := private.fail_webhook(p_row.id, p_verdict.problem, p_now);
    else
        update private.webhook_inbox w set
            state = 'dead', attempts = w.attempts + 1, last_error = left(p_verdict.problem, 2000)
        where w.id = p_row.id;
    end if;

    if p_row.attempts = 0 or not p_verdict.try_again then
        perform private.alert(
            p_verdict.org_id, case v_state when 'dead' then 'stripe_event_parked' else 'stripe_event_failed' end, format(
                'Stripe''s %s (%s, webhook %s) moved no money: %s %s', p_row.event_type, p_row.event_id, p_row.id,
                p_verdict.problem,
                case v_state when 'dead' then 'It waits for a person.' else 'It is tried again.' end), p_now);
    end if;
    return v_state;
end
$$;

revoke execute on function private.stripe_webhook_failed(private.webhook_inbox, private.webhook_verdict, timestamptz)
    from public, anon, authenticated, service_role;
