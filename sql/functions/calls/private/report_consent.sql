-- Whether the caller agreed to being recorded, as a report says; NULL when it does not.
create or replace function private.report_consent(p_message jsonb)
returns boolean
language sql immutable security invoker
set search_path = pg_catalog, pg_temp
as $$
    with answers as materialized (
        select private.report_answers(p_message) as said
    )
    select case
        when jsonb_typeof(c.consent) = 'object' then private.vapi_time(c.consent -> 'grantedAt') is not null
        when lower(a.said) in ('true', 'yes', 'granted') then true
        when lower(a.said) in ('false', 'no', 'denied') then false
    end
    from (select coalesce(p_message #> '{compliance,recordingConsent}', p_message #> '{call,compliance,recordingConsent}')) as c (consent)
    cross join (select coalesce(r.said ->> 'recordingconsent', r.said ->> 'consent') from answers r) as a (said);
$$;

revoke execute on function private.report_consent(jsonb) from public, anon, authenticated, service_role;
