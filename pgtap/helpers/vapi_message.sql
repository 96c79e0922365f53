-- A message of Vapi's about an inbound call to p_number, with these fields besides.
create or replace function tests.vapi_message(
    p_type text, p_call text, p_more jsonb default '{}', p_number text default '+442071230001',
    p_caller text default '+447700900123')
returns jsonb
language sql immutable security definer
set search_path = pg_catalog, pg_temp
as $$
    select jsonb_build_object(
        'type', p_type,
        'phoneNumber', jsonb_build_object('number', p_number),
        'customer', jsonb_build_object('number', p_caller),
        'call', jsonb_build_object(
            'id', p_call, 'type', 'inboundPhoneCall', 'status', 'queued',
            'phoneCallProviderId', 'CA' || md5(p_call),
            'monitor', jsonb_build_object('controlUrl', 'https://control.example/' || p_call)))
        || p_more;
$$;
