-- A month of the caller's wallet: what it opened with, every line, what it closed with, and the sums that accounts are
-- kept by.
--
-- One answer holds 20,000 lines; more are refused rather than cut off, and the statement is had without them. A month
-- is final once it is over. Read with the caller's rights, in one snapshot, so opening and lines make closing.
--
-- Raises 400 invalid_month, 404 statement_not_found, 422 too_many_lines.
create or replace function private.wallet_statement(p_month text, p_lines boolean, p_now timestamptz)
returns public.wallet_statement
language plpgsql stable security invoker
set search_path = pg_catalog, pg_temp
as $$
declare
    c_most constant integer := 20000;
    v_org_id constant uuid := private.member_org_id();
    v_period constant tstzrange := private.statement_period(p_month, p_now);
    v_statement public.wallet_statement;
begin
    v_statement.month := p_month;
    v_statement.starts_at := lower(v_period);
    v_statement.ends_at := upper(v_period);
    v_statement.is_final := upper(v_period) <= p_now;
    v_statement.currency := 'gbp';
    v_statement.organization_name := (select o.name from public.organizations o where o.id = v_org_id);

    v_statement.opening_pence := coalesce((
        select t.balance_after_pence
        from public.credit_transactions t
        where t.org_id = v_org_id and t.created_at < lower(v_period)
        order by t.created_at desc, t.seq desc limit 1), 0);
    if p_lines then
        v_statement.lines := array(
            select private.shown_entry(t)
            from public.credit_transactions t
            where t.org_id = v_org_id and t.created_at >= lower(v_period) and t.created_at < upper(v_period)
            order by t.created_at, t.seq limit c_most + 1);
        if cardinality(v_statement.lines) > c_most then
            perform private.fail('too_many_lines', jsonb_build_object('most', c_most));
        end if;
    end if;

    v_statement.totals := private.statement_totals(v_period);
    v_statement.closing_pence := v_statement.opening_pence
        + (select sum(t.gross_pence)::bigint from unnest(v_statement.totals) as t);
    v_statement.vat := private.statement_vat(v_period);
    select coalesce(sum(v.gross_pence), 0)::bigint, coalesce(sum(v.net_pence), 0)::bigint, coalesce(sum(v.vat_pence), 0)::bigint
    into v_statement.used_gross_pence, v_statement.used_net_pence, v_statement.used_vat_pence
    from unnest(v_statement.vat) as v;
    return v_statement;
end
$$;

revoke execute on function private.wallet_statement(text, boolean, timestamptz) from public, anon, authenticated, service_role;
grant execute on function private.wallet_statement(text, boolean, timestamptz) to authenticated;
