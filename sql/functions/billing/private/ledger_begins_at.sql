-- Since when the caller's organisation can have spent anything: it was made, or its ledger begins, which is earlier for one that
-- was brought over.
create or replace function private.ledger_begins_at()
returns timestamptz
language sql stable security invoker
set search_path = pg_catalog, pg_temp
as $$
    select least(
        o.created_at,
        (select t.created_at from public.credit_transactions t where t.org_id = o.id order by t.seq limit 1))
    from public.organizations o
    where o.id = (select private.member_org_id());
$$;

revoke execute on function private.ledger_begins_at() from public, anon, authenticated, service_role;
grant execute on function private.ledger_begins_at() to authenticated, service_role;
