-- The invitation that waits for this email, if one does, locked; NULLs otherwise.
--
-- The directory leads to the organisation that invited the email first; its invitation counts while it is pending and has
-- not run out, and while the organisation is in good standing.
create or replace function private.open_invitation(p_email text, p_now timestamptz default now())
returns public.org_invitations
language sql volatile security definer
set search_path = pg_catalog, pg_temp
as $$
    select i.*
    from private.directory d
    join public.organizations o on o.id = d.org_id and o.suspended_at is null
    join public.org_invitations i on i.org_id = d.org_id and lower(i.email) = d.key
    where d.kind = 'invited_email' and d.key = lower(p_email) and i.status = 'pending' and i.expires_at > p_now
    for update of i;
$$;

revoke execute on function private.open_invitation(text, timestamptz) from public, anon, authenticated, service_role;
