-- The calls of the caller's organisation, newest first, a page at a time.
--
-- next_cursor is null on the last page. p_from is inclusive, p_to exclusive, both of when the call came to us. p_search is
-- words of the caller's name, the summary or the transcript, or the digits of a number: all of them must be found. A filter
-- by status or direction reads as many beginnings of calls_status_direction_idx as the other has values, so that a rare
-- combination is as quick as a frequent one. What a search finds is fetched call by call: a plan made without knowing how few
-- they are would read every call.
--
-- Raises 400 invalid_cursor, 422 invalid_value, and what private.authorize() raises.
create or replace function public.list_calls(
    p_cursor text default null,
    p_limit integer default 50,
    p_status text default null,
    p_direction text default null,
    p_from timestamptz default null,
    p_to timestamptz default null,
    p_search text default null
)
returns public.call_page
language plpgsql stable security invoker
set search_path = pg_catalog, pg_temp
as $$
declare
    v_caller constant private.caller := private.authorize('public.list_calls');
    v_after constant private.page_position := private.page_position(p_cursor);
    v_at constant timestamptz := coalesce(v_after.at, 'infinity');
    v_id constant uuid := coalesce(v_after.id, 'ffffffff-ffff-ffff-ffff-ffffffffffff');
    v_from constant timestamptz := coalesce(p_from, '-infinity');
    v_to constant timestamptz := coalesce(p_to, 'infinity');
    v_statuses constant text[] := array['pending', 'in_progress', 'completed', 'failed'];
    v_directions constant text[] := array['inbound', 'outbound'];
    v_page public.call_page;
    v_last public.call_item;
begin
    perform private.check_call_filters(p_limit, p_status, p_direction, p_search);
    if btrim(p_search) <> '' then
        v_page.items := array(
            select private.call_item(found.call)
            from private.found_calls(p_search, p_status, p_direction, v_from, v_to, v_at, v_id, p_limit + 1) f
            cross join lateral (
                select c as call from public.calls c where c.org_id = v_caller.org_id and c.id = f.id limit 1) as found
            order by f.created_at desc, f.id desc);
    elsif p_status is null and p_direction is null then
        v_page.items := array(
            select private.call_item(c)
            from public.calls c
            where c.org_id = v_caller.org_id
              and c.created_at >= v_from and c.created_at < v_to and (c.created_at, c.id) < (v_at, v_id)
            order by c.created_at desc, c.id desc
            limit p_limit + 1);
    else
        v_page.items := array(
            select private.call_item(found.call)
            from unnest(case when p_status is null then v_statuses else array[p_status] end) as s (status)
            cross join unnest(case when p_direction is null then v_directions else array[p_direction] end) as d (direction)
            cross join lateral (
                select c as call from public.calls c
                where c.org_id = v_caller.org_id and c.status = s.status and c.call_direction = d.direction
                  and c.created_at >= v_from and c.created_at < v_to and (c.created_at, c.id) < (v_at, v_id)
                order by c.created_at desc, c.id desc
                limit p_limit + 1) as found
            order by (found.call).created_at desc, (found.call).id desc
            limit p_limit + 1);
    end if;
    if cardinality(v_page.items) > p_limit then
        v_page.items := v_page.items[:p_limit];
        v_last := v_page.items[p_limit];
        v_page.next_cursor := private.page_cursor(v_last.created_at, v_last.id);
    end if;
    return v_page;
end
$$;

revoke execute on function public.list_calls(text, integer, text, text, timestamptz, timestamptz, text)
    from public, anon, authenticated, service_role;
grant execute on function public.list_calls(text, integer, text, text, timestamptz, timestamptz, text) to authenticated;
