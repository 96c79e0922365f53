-- Acts as a caller with an API key: the claims the server sets for one, which name an organisation and no person.
create or replace function tests.as_api_key(p_api_key uuid)
returns void
language plpgsql volatile security invoker
as $$
declare
    v_claims jsonb := tests.api_key_claims(p_api_key);
begin
    if v_claims is null then
        raise exception 'There is no API key % to act as.', p_api_key;
    end if;
    perform tests.become('authenticated', v_claims);
end
$$;
