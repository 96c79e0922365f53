-- The work of public.webhook_verification_recent().
--
-- Raises 422 invalid_value, and what private.authorize() raises.
create or replace function private.webhook_verification_recent(p_limit integer)
returns setof public.stripe_event_summary
language plpgsql stable security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    v_caller constant private.caller := private.authorize('public.webhook_verification_recent');
begin
    if p_limit not between 1 and 100 then
        perform private.fail('invalid_value', '{"field": "limit"}');
    end if;
    return query
    select e.event_id, e.event_type, e.status, e.error_message, e.received_at, e.processed_at
    from public.processed_stripe_webhooks e
    where e.org_id = v_caller.org_id
    order by e.received_at desc, e.id desc
    limit coalesce(p_limit, 20);
end
$$;

revoke execute on function private.webhook_verification_recent(integer) from public, anon, authenticated, service_role;
grant execute on function private.webhook_verification_recent(integer) to authenticated;
