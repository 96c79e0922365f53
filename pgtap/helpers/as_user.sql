-- Acts as a signed-in user: the role authenticated, and the claims of that user's token with p_more laid over them.
create or replace function tests.as_user(p_user uuid, p_more jsonb default '{}')
returns void
language plpgsql volatile security invoker
as $$
declare
    v_claims jsonb := tests.claims(p_user, p_more);
begin
    if v_claims is null then
        raise exception 'There is no user % to act as.', p_user;
    end if;
    perform tests.become('authenticated', v_claims);
end
$$;
