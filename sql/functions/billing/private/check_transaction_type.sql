-- Lets pass what is a type of ledger rows, or none.
--
-- Raises 422 invalid_value.
create or replace function private.check_transaction_type(p_type text)
returns void
language plpgsql immutable security invoker
set search_path = pg_catalog, pg_temp
as $$
begin
    if p_type not in ('topup', 'deduction', 'refund', 'bonus', 'adjustment') then
        perform private.fail('invalid_value', '{"field": "type"}');
    end if;
end
$$;

revoke execute on function private.check_transaction_type(text) from public, anon, authenticated, service_role;
grant execute on function private.check_transaction_type(text) to authenticated, service_role;
