-- The numbers an organisation had verified or began to, the newest first.
create or replace function private.verified_numbers(p_org_id uuid)
returns public.verified_numbers
language sql stable security definer
set search_path = pg_catalog, pg_temp
as $$
    select row(true, array(
        select row(
            c.id, c.phone_number, c.friendly_name, c.status, c.verified_at,
            exists (select from public.hybrid_forwarding_configs f
                    where f.org_id = c.org_id and f.verified_caller_id = c.id and f.status <> 'disabled'))::public.verified_number
        from public.verified_caller_ids c
        where c.org_id = p_org_id
        order by c.created_at desc, c.id))::public.verified_numbers;
$$;

revoke execute on function private.verified_numbers(uuid) from public, anon, authenticated, service_role;
