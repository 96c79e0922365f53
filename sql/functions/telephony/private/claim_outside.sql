-- Notes that an object outside belongs to an organisation, for ever. Answers whether it does: the first to say so has it.
-- Only a customer's own Twilio account can be given up (private.give_up_own_account()).
--
-- Locks: the object's key in the directory.
create or replace function private.claim_outside(p_kind text, p_key text, p_org_id uuid)
returns boolean
language plpgsql volatile security definer
set search_path = pg_catalog, pg_temp
as $$
begin
    insert into private.directory (kind, key, org_id) values (p_kind, p_key, p_org_id) on conflict (kind, key) do nothing;
    return exists (
        select from private.directory d where d.kind = p_kind and d.key = p_key and d.org_id = p_org_id);
end
$$;

revoke execute on function private.claim_outside(text, text, uuid) from public, anon, authenticated, service_role;
