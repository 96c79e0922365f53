-- Every hour: forgets consents that ended a day ago. Until then a state that comes again hears why it is refused.
create or replace function private.drop_old_oauth_flows(p_now timestamptz default now())
returns text
language plpgsql volatile security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    v_count bigint;
begin
    delete from private.oauth_flows f where f.expires_at <= p_now - interval '1 day';
    get diagnostics v_count = row_count;
    return format('%s old consents forgotten', v_count);
end
$$;

revoke execute on function private.drop_old_oauth_flows(timestamptz) from public, anon, authenticated, service_role;
grant execute on function private.drop_old_oauth_flows(timestamptz) to service_role;
