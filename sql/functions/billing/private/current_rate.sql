-- What a minute costs at p_now, and the slack left to the provider.
create or replace function private.current_rate(p_now timestamptz default now())
returns public.billing_rates
language plpgsql stable security definer
set search_path = pg_catalog, pg_temp
as $$
begin
    return (
        select r from public.billing_rates r where r.effective_from <= p_now order by r.effective_from desc limit 1);
end
$$;

revoke execute on function private.current_rate(timestamptz) from public, anon, authenticated, service_role;
grant execute on function private.current_rate(timestamptz) to service_role;
