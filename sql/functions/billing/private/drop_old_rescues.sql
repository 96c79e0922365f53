-- Forgets what the sweep found more than 30 days ago.
create or replace function private.drop_old_rescues(p_now timestamptz default now())
returns integer
language plpgsql volatile security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    v_count integer;
begin
    delete from private.sweep_rescues s where s.created_at < p_now - interval '30 days';
    get diagnostics v_count = row_count;
    return v_count;
end
$$;

revoke execute on function private.drop_old_rescues(timestamptz) from public, anon, authenticated, service_role;
grant execute on function private.drop_old_rescues(timestamptz) to service_role;
