-- Acts as authenticated with exactly these claims: for tokens that are signed but say something odd.
create or replace function tests.as_claims(p_claims jsonb)
returns void
language plpgsql volatile security invoker
as $$
begin
    perform tests.become('authenticated', p_claims);
end
$$;
