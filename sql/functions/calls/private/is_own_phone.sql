-- Whether a phone is of those who run the clinic: the organisation's, the person's own who asks, or one whose owner answered
-- when it was verified.
create or replace function private.is_own_phone(p_org_id uuid, p_user_id uuid, p_phone text)
returns boolean
language sql stable security definer
set search_path = pg_catalog, pg_temp
as $$
    select exists (select from public.organizations o where o.id = p_org_id and o.phone = p_phone)
        or exists (select from public.profiles p where p.id = p_user_id and p.org_id = p_org_id and p.phone = p_phone)
        or exists (select from public.verified_caller_ids v
                   where v.org_id = p_org_id and v.phone_number = p_phone and v.status = 'verified');
$$;

revoke execute on function private.is_own_phone(uuid, uuid, text) from public, anon, authenticated, service_role;
