-- Since when the caller's organisation can have spent anything: it was made, or its ledger begins, which is earlier for
-- one that was brought over.
create or replace function private.ledger_begins_at()
returns timestamptz
language plpgsql stable security invoker
set search_path = pg_catalog, pg_temp
as $$
declare
    v_org_id constant uuid := private.member_org_id();
begin
    return least(
        (select o.created_at from public.organizations o where o.id = v_org_id),
        (select t.created_at from public.credit_transactions t where t.org_id = v_org_id order by t.seq limit 1));
end
$$;

revoke execute on function private.ledger_begins_at() from public, anon, authenticated, service_role;
grant execute on function private.ledger_begins_at() to authenticated, service_role;
