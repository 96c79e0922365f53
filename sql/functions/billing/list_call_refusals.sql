-- Calls that were not let in, why, and how the money stood, newest first, a page at a time.
--
-- next_cursor is null on the last page. p_from is inclusive, p_to exclusive.
--
-- Raises 400 invalid_cursor, 422 invalid_value, and what private.authorize() raises.
create or replace function public.list_call_refusals(
    p_cursor text default null,
    p_limit integer default 50,
    p_reason text default null,
    p_from timestamptz default null,
    p_to timestamptz default null
)
returns public.call_refusal_page
language plpgsql stable security invoker
set search_path = pg_catalog, pg_temp
as $$
declare
    v_caller constant private.caller := private.authorize('public.list_call_refusals');
    v_after constant private.page_position := private.page_position(p_cursor);
    v_page public.call_refusal_page;
    v_last public.call_refusal;
begin
    if p_limit is null or p_limit not between 1 and 200 then
        perform private.fail('invalid_value', '{"field": "limit"}');
    end if;

    v_page.items := array(
        select (f.id, f.call_id, f.reason, t.told, f.balance_pence, f.held_pence, f.capped_pence, f.created_at)::public.call_refusal
        from public.call_refusals f
        left join private.refusals_told() as t on t.reason = f.reason
        where f.org_id = v_caller.org_id
          and (p_reason is null or f.reason = p_reason)
          and f.created_at >= coalesce(p_from, '-infinity')
          and f.created_at < coalesce(p_to, 'infinity')
          and (v_after.id is null or (f.created_at, f.id) < (v_after.at, v_after.id))
        order by f.created_at desc, f.id desc
        limit p_limit + 1);
    if cardinality(v_page.items) > p_limit then
        v_page.items := v_page.items[:p_limit];
        v_last := v_page.items[p_limit];
        v_page.next_cursor := private.page_cursor(v_last.created_at, v_last.id);
    end if;
    return v_page;
end
$$;

revoke execute on function public.list_call_refusals(text, integer, text, timestamptz, timestamptz)
    from public, anon, authenticated, service_role;
grant execute on function public.list_call_refusals(text, integer, text, timestamptz, timestamptz) to authenticated;
