-- No card number gets into what is kept of a call by way of a tool.
create or replace trigger redact_tool_run
    before insert or update on private.tool_runs
    for each row execute function private.redact_tool_run();
