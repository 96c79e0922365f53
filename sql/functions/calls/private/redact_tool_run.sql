-- Trigger of private.tool_runs: what a tool was told, and what it answered, is kept as the organisation asks
-- (private.redact_call_text), whoever writes it.
create or replace function private.redact_tool_run()
returns trigger
language plpgsql volatile security definer
set search_path = pg_catalog, pg_temp
as $$
begin
    new.arguments := private.redact_call_json(new.org_id, new.arguments);
    new.result := private.redact_call_text(new.org_id, new.result);
    return new;
end
$$;

revoke execute on function private.redact_tool_run() from public, anon, authenticated, service_role;
