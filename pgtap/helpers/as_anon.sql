-- Acts as a caller who has not signed in.
create or replace function tests.as_anon()
returns void
language plpgsql volatile security invoker
as $$
begin
    perform tests.become('anon', '{"role": "anon"}');
end
$$;
