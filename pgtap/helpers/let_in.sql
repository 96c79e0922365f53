-- Has a call to tests.answering() come in and be let in at p_now. Returns our id of it.
create or replace function tests.let_in(
    p_call text, p_now timestamptz default now(), p_number text default '+442071230001',
    p_caller text default '+447700900123')
returns uuid
language sql volatile security definer
set search_path = pg_catalog, pg_temp
as $$
    select (tests.hear_vapi(
        tests.vapi_message('assistant-request', p_call, '{}', p_number, p_caller), p_now)
        #>> '{assistantOverrides,metadata,call_id}')::uuid;
$$;
