-- Whether a number the organisation names is not its own already: Twilio would sell it again to the same account, and only
-- give it another name. The caller holds the wallet.
--
-- Raises 409 number_taken.
create or replace function private.check_number_is_new(p_org_id uuid, p_phone_number text)
returns void
language plpgsql stable security definer
set search_path = pg_catalog, pg_temp
as $$
begin
    if exists (
        select from public.managed_phone_numbers n
        where n.org_id = p_org_id and n.phone_number = p_phone_number and n.status in ('provisioning', 'active', 'releasing')
    ) or exists (
        select from private.sagas s
        where s.org_id = p_org_id and s.finished_at is null and s.saga = 'provision_number'
          and s.facts ->> 'phone_number' = p_phone_number
    ) then
        perform private.fail('number_taken');
    end if;
end
$$;

revoke execute on function private.check_number_is_new(uuid, text) from public, anon, authenticated, service_role;
