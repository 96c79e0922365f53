-- Has a phone called for verification with this code, by whoever acts now. Returns the verification's id.
create or replace function tests.called_phone(
    p_org uuid, p_phone text default '+447700900123', p_code text default '123456', p_now timestamptz default now())
returns uuid
language plpgsql volatile security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    v_answer constant jsonb := private.initiate_caller_id(p_phone, p_now);
begin
    if v_answer ->> 'id' is null then
        raise exception 'The phone % is not called: %', p_phone, v_answer;
    end if;
    return tests.answered(p_org, 'twilio.request_caller_id', jsonb_build_object(
        'sealed_code', 'c2VhbGVk', 'key_version', 1, 'call_sid', 'CA' || md5(p_phone),
        'code_hash', replace(extensions.crypt(p_code, extensions.gen_salt('bf', 4)), '$2a$', '$2b$')), p_now => p_now) ->> 'caller_id';
end
$$;
