-- Refuses filters of a list of calls that can mean nothing.
--
-- Raises 422 invalid_value.
create or replace function private.check_call_filters(p_limit integer, p_status text, p_direction text, p_search text)
returns void
language plpgsql immutable security invoker
set search_path = pg_catalog, pg_temp
as $$
begin
    if p_limit is null or p_limit not between 1 and 200 then
        perform private.fail('invalid_value', '{"field": "limit"}');
    elsif p_status not in ('pending', 'in_progress', 'completed', 'failed') then
        perform private.fail('invalid_value', '{"field": "status"}');
    elsif p_direction not in ('inbound', 'outbound') then
        perform private.fail('invalid_value', '{"field": "direction"}');
    elsif length(p_search) > 200 then
        perform private.fail('invalid_value', '{"field": "search"}');
    end if;
end
$$;

revoke execute on function private.check_call_filters(integer, text, text, text) from public, anon, authenticated, service_role;
grant execute on function private.check_call_filters(integer, text, text, text) to authenticated;
