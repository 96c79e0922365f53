-- The ledger of the caller's organisation as CSV, oldest first: RFC 4180, a header row, times in UTC, money in pounds
-- and in pence.
--
-- p_from is inclusive, p_to exclusive. One answer holds 20,000 lines; more are refused rather than cut off, and asked
-- for by shorter periods. What a spreadsheet would take for a formula is marked as text: private.csv_text().
--
-- Raises 422 invalid_value, 422 too_many_lines, and what private.authorize() raises.
create or replace function public.wallet_transactions_csv(
    p_from timestamptz default null,
    p_to timestamptz default null,
    p_type text default null
)
returns text
language plpgsql stable security invoker
set search_path = pg_catalog, pg_temp
as $$
declare
    c_most constant integer := 20000;
    v_caller constant private.caller := private.authorize('public.wallet_transactions_csv');
    v_lines text[];
begin
    perform private.check_transaction_type(p_type);
    v_lines := array(
        select concat_ws(
            ',', t.seq, private.csv_time(t.created_at), t.type, private.entry_kind(t), private.csv_text(t.description),
            private.csv_pounds(t.amount_pence), t.amount_pence, private.csv_pounds(t.balance_after_pence),
            t.balance_after_pence, coalesce(t.call_id::text, ''), private.csv_text(t.stripe_payment_intent_id),
            private.csv_text(t.stripe_object_id))
        from public.credit_transactions t
        where t.org_id = v_caller.org_id
          and (p_type is null or t.type = p_type)
          and t.created_at >= coalesce(p_from, '-infinity')
          and t.created_at < coalesce(p_to, 'infinity')
        order by t.seq
        limit c_most + 1);
    if cardinality(v_lines) > c_most then
        perform private.fail('too_many_lines', jsonb_build_object('most', c_most));
    end if;
    return 'seq,created_at,type,kind,description,amount_gbp,amount_pence,balance_gbp,balance_pence,call_id,'
        'stripe_payment_intent_id,stripe_object_id' || E'\r\n' || array_to_string(v_lines || ''::text, E'\r\n');
end
$$;

revoke execute on function public.wallet_transactions_csv(timestamptz, timestamptz, text)
    from public, anon, authenticated, service_role;
grant execute on function public.wallet_transactions_csv(timestamptz, timestamptz, text) to authenticated;
