-- Acts as the worker pool.
create or replace function tests.as_service()
returns void
language plpgsql volatile security invoker
as $$
begin
    perform tests.become('service_role', '{"role": "service_role"}');
end
$$;
