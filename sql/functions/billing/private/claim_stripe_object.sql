-- Says that an object of Stripe's is this organisation's, for ever, and answers whether it is: another's stays another's.
create or replace function private.claim_stripe_object(p_kind text, p_key text, p_org_id uuid)
returns boolean
language plpgsql volatile security definer
set search_path = pg_catalog, pg_temp
as $$
begin
    insert into private.directory as d (kind, key, org_id) values (p_kind, p_key, p_org_id)
    on conflict (kind, key) do nothing;
    return exists (
        select from private.directory d where d.kind = p_kind and d.key = p_key and d.org_id = p_org_id);
end
$$;

revoke execute on function private.claim_stripe_object(text, text, uuid) from public, anon, authenticated, service_role;
