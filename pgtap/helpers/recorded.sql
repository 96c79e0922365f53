-- Has a word of a call's end recorded, as of a minute after the tests' clock, and answers the call as it then is.
create or replace function tests.recorded(p_call uuid, p_message jsonb, p_source text default 'report')
returns public.calls
language plpgsql volatile security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    v_call public.calls;
begin
    select * into strict v_call from public.calls c where c.id = p_call;
    perform private.record_report(
        v_call, p_message, p_source, sha256(convert_to(p_message::text, 'UTF8')), tests.now() + interval '1 minute');
    select * into strict v_call from public.calls c where c.id = p_call;
    return v_call;
end
$$;
