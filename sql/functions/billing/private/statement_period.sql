-- From when until when a month lasts in Europe/London, for a statement of the caller's wallet: not before the wallet,
-- nor in the future. p_month is written 'YYYY-MM'.
--
-- Raises 400 invalid_month, 404 statement_not_found.
create or replace function private.statement_period(p_month text, p_now timestamptz)
returns tstzrange
language plpgsql stable security invoker
set search_path = pg_catalog, pg_temp
as $$
declare
    c_zone constant text := 'Europe/London';
    v_first constant date := private.london_month(private.ledger_begins_at());
    v_last constant date := private.london_month(p_now);
    v_month date;
begin
    if p_month is null or p_month !~ '^[1-9]\d{3}-(0[1-9]|1[0-2])$' then
        perform private.fail('invalid_month');
    end if;
    v_month := (p_month || '-01')::date;
    if v_month < v_first or v_month > v_last then
        perform private.fail('statement_not_found', jsonb_build_object(
            'first_month', to_char(v_first, 'YYYY-MM'), 'last_month', to_char(v_last, 'YYYY-MM')));
    end if;
    return tstzrange(v_month::timestamp at time zone c_zone, (v_month + interval '1 month') at time zone c_zone);
end
$$;

revoke execute on function private.statement_period(text, timestamptz) from public, anon, authenticated, service_role;
grant execute on function private.statement_period(text, timestamptz) to authenticated;
