-- Has a phone on the organisation's list of verified ones, by a call. Returns its id.
create or replace function tests.verified_phone(p_org uuid, p_phone text default '+447700900123', p_now timestamptz default now())
returns uuid
language sql volatile security definer
set search_path = pg_catalog, pg_temp
as $$
    insert into public.verified_caller_ids (
        org_id, phone_number, country_code, friendly_name, status, twilio_caller_id_sid, twilio_call_sid, verified_at, created_at,
        updated_at)
    values (p_org, p_phone, 'GB', 'Front desk', 'verified', 'PN' || md5(p_phone), 'CA' || md5(p_phone), p_now, p_now, p_now)
    returning id;
$$;
