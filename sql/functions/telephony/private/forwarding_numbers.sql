-- The numbers of an organisation that a forwarded phone needs: where its calls go, and from where it is checked, which is its
-- other number where it has one. NULLs where nothing answers.
create or replace function private.forwarding_numbers(p_org_id uuid, out inbound text, out checked_from text)
language sql stable security definer
set search_path = pg_catalog, pg_temp
as $$
    select m.phone_number,
           coalesce((select c.phone_number from private.org_credentials c
                     where c.org_id = p_org_id and c.provider = 'twilio' and c.type = 'outbound' and c.is_active), m.phone_number)
    from public.phone_number_mapping m
    where m.org_id = p_org_id
    order by m.created_at desc, m.phone_number
    limit 1;
$$;

revoke execute on function private.forwarding_numbers(uuid) from public, anon, authenticated, service_role;
