-- Acts as a role with these claims until the transaction ends or another tests.as_… is called.
create or replace function tests.become(p_role text, p_claims jsonb)
returns void
language plpgsql volatile security invoker
as $$
begin
    perform pg_catalog.set_config('request.jwt.claims', coalesce(p_claims::text, ''), true);
    perform pg_catalog.set_config('role', p_role, true);
end
$$;
