-- How long p_available_pence lasts the caller's organisation at the pace of the last 14 days, or of as many as there are.
--
-- Counts what calls and purchases cost, less what was given back for them; the conditions are those of
-- private.entry_kind(), written out because this is read with every /api/me. A day costs its average, rounded up to a
-- penny. When nothing was spent there is no pace and nothing to foretell: NULL. Nothing is foretold further than a
-- century.
create or replace function private.wallet_forecast(p_available_pence bigint, p_now timestamptz default now())
returns public.wallet_forecast
language plpgsql stable security invoker
set search_path = pg_catalog, pg_temp
as $$
declare
    c_century constant numeric := 36500::numeric;
    v_org_id constant uuid := private.member_org_id();
    v_age_days constant numeric := ceil(extract(epoch from p_now - private.ledger_begins_at()) / 86400);
    v_forecast public.wallet_forecast;
    v_lasts_days numeric;
begin
    v_forecast.days_counted := least(14, greatest(1, v_age_days))::integer;
    v_forecast.spent_pence := (
        select greatest(coalesce(-sum(t.amount_pence), 0), 0)::bigint
        from public.credit_transactions t
        where t.org_id = v_org_id
          and t.created_at > p_now - interval '14 days' and t.created_at <= p_now
          and (t.type = 'deduction'
               or (t.call_id is not null and t.type in ('adjustment', 'refund'))
               or (t.type = 'refund' and t.stripe_object_id is null and t.amount_pence > 0)));
    if v_forecast.spent_pence > 0 then
        v_forecast.pence_per_day := (v_forecast.spent_pence + v_forecast.days_counted - 1) / v_forecast.days_counted;
        v_lasts_days := least(greatest(p_available_pence, 0)::numeric / v_forecast.pence_per_day, c_century);
        v_forecast.days_left := floor(v_lasts_days)::integer;
        v_forecast.runs_out_at := p_now + v_lasts_days::double precision * interval '1 day';
    end if;
    return v_forecast;
end
$$;

revoke execute on function private.wallet_forecast(bigint, timestamptz) from public, anon, authenticated, service_role;
grant execute on function private.wallet_forecast(bigint, timestamptz) to authenticated, service_role;
