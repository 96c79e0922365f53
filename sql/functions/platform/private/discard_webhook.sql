-- Gives up a kept webhook, at an operator's word: nothing is made of it, and a day later it is cleaned up.
--
-- Raises 404 webhook_not_found, 409 webhook_already_processed.
create or replace function private.discard_webhook(p_id uuid, p_now timestamptz default now())
returns private.webhook_summary
language plpgsql volatile security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    v_state text;
begin
    select w.state into v_state from private.webhook_inbox w where w.id = p_id for update;
    if v_state = 'processed' then
        perform private.fail('webhook_already_processed');
    end if;

    update private.webhook_inbox w
    set state = 'discarded', finished_at = p_now
    where w.id = p_id and w.state <> 'discarded';
    return private.webhook_summary(p_id);
end
$$;

revoke execute on function private.discard_webhook(uuid, timestamptz) from public, anon, authenticated, service_role;
grant execute on function private.discard_webhook(uuid, timestamptz) to service_role;
