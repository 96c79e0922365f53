-- From when to when 'today', '7d' and '30d' are, in the clinic's zone: whole days, today among them, up to the end of the
-- quarter of an hour that p_now is in.
--
-- Raises 422 invalid_value.
create or replace function private.pulse_period(p_org_id uuid, p_period text, p_now timestamptz)
returns tstzrange
language plpgsql stable security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    v_zone constant text := private.zone_of(p_org_id);
    v_days constant integer := case p_period when 'today' then 1 when '7d' then 7 when '30d' then 30 end;
begin
    if v_days is null then
        perform private.fail('invalid_value', '{"field": "period"}');
    end if;
    return tstzrange(
        (date_trunc('day', p_now at time zone v_zone) - make_interval(days => v_days - 1)) at time zone v_zone,
        private.quarter_of(p_now) + interval '15 minutes');
end
$$;

revoke execute on function private.pulse_period(uuid, text, timestamptz) from public, anon, authenticated, service_role;
