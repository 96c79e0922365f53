-- What something besides minutes costs at p_now.
--
-- Raises 422 unknown_asset_type.
create or replace function private.asset_price(p_asset_type text, p_now timestamptz default now())
returns bigint
language plpgsql stable security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    v_price_pence bigint;
begin
    select a.price_pence into v_price_pence
    from public.asset_prices a
    where a.asset_type = p_asset_type and a.effective_from <= p_now
    order by a.effective_from desc
    limit 1;
    if not found then
        perform private.fail('unknown_asset_type');
    end if;
    return v_price_pence;
end
$$;

revoke execute on function private.asset_price(text, timestamptz) from public, anon, authenticated, service_role;
grant execute on function private.asset_price(text, timestamptz) to service_role;
