-- What can be paid into a wallet at once: from £25 to £5,000.
--
-- Raises 422 amount_out_of_range.
create or replace function private.check_topup_amount(p_amount_pence bigint)
returns void
language plpgsql stable security invoker
set search_path = pg_catalog, pg_temp
as $$
declare
    c_least constant bigint := 2500::bigint;
    c_most constant bigint := 500000::bigint;
begin
    if p_amount_pence is null or p_amount_pence not between c_least and c_most then
        perform private.fail('amount_out_of_range', jsonb_build_object('field', 'amount_pence', 'least', c_least, 'most', c_most));
    end if;
end
$$;

revoke execute on function private.check_topup_amount(bigint) from public, anon, authenticated, service_role;
