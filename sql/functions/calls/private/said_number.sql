-- A telephone number as it was said in a call, in international form: a national one is of the clinic's own country. NULL for
-- what is none, and for one that costs more than a call.
create or replace function private.said_number(p_call public.calls, p_said text)
returns text
language plpgsql stable security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    v_plain constant text := regexp_replace(p_said, '(\(0\)|[\s().\-/])', '', 'g');
    v_home constant text := coalesce(
        case p_call.call_direction when 'inbound' then p_call.to_number else p_call.from_number end,
        (select o.phone from public.organizations o where o.id = p_call.org_id));
    v_code text;
    v_number text;
begin
    select c.calling_code into v_code from private.telephony_countries c where c.country_code = private.country_of(v_home) limit 1;
    v_number := case
        when v_plain like '+%' then v_plain
        when v_plain like '00%' then '+' || substr(v_plain, 3)
        when v_plain like '0%' then '+' || v_code || substr(v_plain, 2)
        when v_code = '1' and v_plain ~ '^1?\d{10}$' then '+1' || right(v_plain, 10) end;
    if v_number !~ '^\+[1-9]\d{6,14}$' or exists (
        select from private.premium_prefixes p where starts_with(v_number, p.prefix))
    then
        return null;
    end if;
    return v_number;
end
$$;

revoke execute on function private.said_number(public.calls, text) from public, anon, authenticated, service_role;
