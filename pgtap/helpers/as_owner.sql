-- Goes back to the login the tests run as, with no claims.
create or replace function tests.as_owner()
returns void
language plpgsql volatile security invoker
as $$
begin
    perform tests.become('none', null);
end
$$;
