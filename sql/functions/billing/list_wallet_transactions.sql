-- The ledger of the caller's organisation, newest first, a page at a time.
--
-- next_cursor is null on the last page. p_from is inclusive, p_to exclusive.
--
-- Raises 400 invalid_cursor, 422 invalid_value, and what private.authorize() raises.
create or replace function public.list_wallet_transactions(
    p_cursor text default null,
    p_limit integer default 50,
    p_type text default null,
    p_from timestamptz default null,
    p_to timestamptz default null
)
returns public.wallet_transaction_page
language plpgsql stable security invoker
set search_path = pg_catalog, pg_temp
as $$
declare
    v_caller constant private.caller := private.authorize('public.list_wallet_transactions');
    v_before bigint := 9223372036854775807;
    v_page public.wallet_transaction_page;
begin
    if p_limit is null or p_limit not between 1 and 200 then
        perform private.fail('invalid_value', '{"field": "limit"}');
    end if;
    perform private.check_transaction_type(p_type);
    if p_cursor !~ '^seq\.\d{1,18}$' then
        perform private.fail('invalid_cursor');
    elsif p_cursor is not null then
        v_before := split_part(p_cursor, '.', 2)::bigint;
    end if;

    v_page.items := array(
        select private.shown_entry(t)
        from public.credit_transactions t
        where t.org_id = v_caller.org_id
          and t.seq < v_before
          and (p_type is null or t.type = p_type)
          and t.created_at >= coalesce(p_from, '-infinity')
          and t.created_at < coalesce(p_to, 'infinity')
        order by t.seq desc
        limit p_limit + 1);
    if cardinality(v_page.items) > p_limit then
        v_page.items := v_page.items[:p_limit];
        v_page.next_cursor := 'seq.' || (v_page.items[p_limit]).seq;
    end if;
    return v_page;
end
$$;

revoke execute on function public.list_wallet_transactions(text, integer, text, timestamptz, timestamptz)
    from public, anon, authenticated, service_role;
grant execute on function public.list_wallet_transactions(text, integer, text, timestamptz, timestamptz) to authenticated;
