-- Who did what to which row of the caller's organisation, newest first, a page at a time.
--
-- next_cursor is null on the last page. p_from is inclusive, p_to exclusive.
--
-- Raises 400 invalid_cursor, 422 invalid_value, and what private.authorize() raises.
create or replace function public.list_audit_logs(
    p_cursor text default null,
    p_limit integer default 50,
    p_actor_id uuid default null,
    p_table text default null,
    p_action text default null,
    p_from timestamptz default null,
    p_to timestamptz default null
)
returns public.audit_log_page
language plpgsql stable security invoker
set search_path = pg_catalog, pg_temp
as $$
declare
    v_caller constant private.caller := private.authorize('public.list_audit_logs');
    v_after constant private.page_position := private.page_position(p_cursor);
    v_page public.audit_log_page;
    v_last public.audit_logs;
begin
    if p_limit is null or p_limit not between 1 and 200 then
        perform private.fail('invalid_value', '{"field": "limit"}');
    end if;
    if p_action not in ('insert', 'update', 'delete') then
        perform private.fail('invalid_value', '{"field": "action"}');
    end if;

    v_page.items := array(
        select l
        from public.audit_logs l
        where l.org_id = v_caller.org_id
          and (p_actor_id is null or l.actor_id = p_actor_id)
          and (p_table is null or l.table_name = p_table)
          and (p_action is null or l.action = p_action)
          and (p_from is null or l.created_at >= p_from)
          and (p_to is null or l.created_at < p_to)
          and (v_after.id is null or (l.created_at, l.id) < (v_after.at, v_after.id))
        order by l.created_at desc, l.id desc
        limit p_limit + 1);
    if cardinality(v_page.items) > p_limit then
        v_page.items := v_page.items[:p_limit];
        v_last := v_page.items[p_limit];
        v_page.next_cursor := private.page_cursor(v_last.created_at, v_last.id);
    end if;
    return v_page;
end
$$;

revoke execute on function public.list_audit_logs(text, integer, uuid, text, text, timestamptz, timestamptz)
    from public, anon, authenticated, service_role;
grant execute on function public.list_audit_logs(text, integer, uuid, text, text, timestamptz, timestamptz) to authenticated;
