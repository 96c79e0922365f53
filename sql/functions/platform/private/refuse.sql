-- Says no and commits: for what must be remembered although the answer is no.
--
-- Returns the error body and sets the response's status for this transaction, which PostgREST and our own door both
-- honour; message and hint are where a Supabase client looks for what private.fail() puts there. A wrong code counted,
-- a sign-in limited or a refused call noted stays written. p_sentence says more than the registry can, such as how many
-- attempts remain; p_retry_after_seconds becomes the header Retry-After.
create or replace function private.refuse(
    p_code text, p_details jsonb default null, p_sentence text default null, p_retry_after_seconds numeric default null)
returns jsonb
language plpgsql volatile security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    v_entry private.error_registry;
begin
    select * into v_entry from private.error_registry e where e.code = p_code;
    if not found then
        raise exception 'The error code % is not in the registry.', p_code using errcode = 'XX000';
    end if;

    perform pg_catalog.set_config('response.status', v_entry.status::text, true);
    if p_retry_after_seconds is not null then
        perform pg_catalog.set_config(
            'response.headers',
            format('[{"Retry-After": "%s"}]', greatest(ceil(p_retry_after_seconds), 1)::integer), true);
    end if;
    return pg_catalog.jsonb_strip_nulls(pg_catalog.jsonb_build_object(
        'error', coalesce(p_sentence, v_entry.sentence), 'message', coalesce(p_sentence, v_entry.sentence),
        'code', v_entry.code, 'hint', v_entry.code, 'details', p_details));
end
$$;

revoke execute on function private.refuse(text, jsonb, text, numeric) from public, anon, authenticated, service_role;
grant execute on function private.refuse(text, jsonb, text, numeric) to service_role;
