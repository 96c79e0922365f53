-- A statement as CSV (RFC 4180): one table, each row saying what it is: opening, entry, closing, total of a kind, vat
-- of a kind and rate.
create or replace function private.statement_csv(p_statement public.wallet_statement)
returns text
language sql immutable security invoker
set search_path = pg_catalog, pg_temp
as $$
    with rows (place, line) as (
        select 1, concat_ws(
            ',', 'opening', private.csv_time(p_statement.starts_at), '', '', '', '', '', '',
            private.csv_pounds(p_statement.opening_pence), p_statement.opening_pence, '', '', '', '', '')
        union all
        select 1 + e.place, concat_ws(
            ',', 'entry', private.csv_time(e.created_at), e.seq, e.kind, '', private.csv_text(e.description),
            private.csv_pounds(e.amount_pence), e.amount_pence,
            private.csv_pounds(e.balance_after_pence), e.balance_after_pence, '', '', '', '', '')
        from unnest(p_statement.lines) with ordinality as e (
            id, seq, type, kind, amount_pence, balance_before_pence, balance_after_pence, description, call_id,
            vapi_call_id, stripe_payment_intent_id, stripe_object_id, entry_hash, created_at, place)
        union all
        select 100001, concat_ws(
            ',', 'closing', private.csv_time(p_statement.ends_at), '', '', '', '', '', '',
            private.csv_pounds(p_statement.closing_pence), p_statement.closing_pence, '', '', '', '', '')
        union all
        select 100001 + t.place, concat_ws(
            ',', 'total', '', '', t.kind, t.entries, '', private.csv_pounds(t.gross_pence), t.gross_pence,
            '', '', '', '', '', '', '')
        from unnest(p_statement.totals) with ordinality as t (kind, entries, gross_pence, place)
        union all
        select 200001 + v.place, concat_ws(
            ',', 'vat', '', '', v.kind, '', '', private.csv_pounds(v.gross_pence), v.gross_pence, '', '', v.percent,
            private.csv_pounds(v.net_pence), v.net_pence, private.csv_pounds(v.vat_pence), v.vat_pence)
        from unnest(p_statement.vat) with ordinality as v (kind, percent, gross_pence, net_pence, vat_pence, place)
    )
    select 'record,created_at,seq,kind,entries,description,amount_gbp,amount_pence,balance_gbp,balance_pence,vat_percent,'
        'net_gbp,net_pence,vat_gbp,vat_pence' || E'\r\n' || string_agg(r.line || E'\r\n', '' order by r.place)
    from rows r;
$$;

revoke execute on function private.statement_csv(public.wallet_statement) from public, anon, authenticated, service_role;
grant execute on function private.statement_csv(public.wallet_statement) to authenticated;
