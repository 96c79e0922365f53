-- The work of public.webhook_verification_health(). Events are kept 90 days, so credits count for 89: theirs is still
-- there.
--
-- Raises what private.authorize() raises.
create or replace function private.webhook_verification_health(p_now timestamptz default now())
returns public.webhook_health
language plpgsql stable security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    v_caller constant private.caller := private.authorize('public.webhook_verification_health');
    v_answer public.webhook_health;
begin
    select count(*) filter (where e.status = 'processed'), count(*) filter (where e.status = 'failed'),
           count(*) filter (where e.status = 'duplicate')
    into v_answer.processed, v_answer.failed, v_answer.duplicate
    from public.processed_stripe_webhooks e
    where e.org_id = v_caller.org_id;
    select e.received_at, e.event_type into v_answer.last_event_at, v_answer.last_event_type
    from public.processed_stripe_webhooks e
    where e.org_id = v_caller.org_id
    order by e.received_at desc, e.id desc
    limit 1;

    select count(*) filter (where m.credited), count(*) filter (where m.credited and m.told),
           coalesce(array_agg(
               (m.payment_intent, case when m.credited then 'credit_without_event' else 'event_without_credit' end,
                m.amount_pence, m.at)::public.unmatched_payment
               order by m.at desc) filter (where not (m.credited and m.told)), '{}')
    into v_answer.credits, v_answer.credits_matched, v_answer.unmatched
    from private.matched_payments(v_caller.org_id, p_now - interval '89 days') as m;
    return v_answer;
end
$$;

revoke execute on function private.webhook_verification_health(timestamptz) from public, anon, authenticated, service_role;
grant execute on function private.webhook_verification_health(timestamptz) to authenticated;
