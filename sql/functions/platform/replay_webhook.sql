-- Processes a kept webhook again, for the operator: see the private function.
--
-- Raises 404 webhook_not_found.
create or replace function public.replay_webhook(p_id uuid)
returns private.webhook_summary
language sql volatile security invoker
set search_path = pg_catalog, pg_temp
as $$
    select private.replay_webhook(p_id);
$$;

revoke execute on function public.replay_webhook(uuid) from public, anon, authenticated, service_role;
grant execute on function public.replay_webhook(uuid) to service_role;
