-- Trigger: a deleted account is no member any more; the profile stays, so that what they did keeps a name.
create or replace function private.on_user_deleted()
returns trigger
language plpgsql volatile security definer
set search_path = pg_catalog, pg_temp
as $$
begin
    update public.profiles p
    set status = 'inactive', updated_at = now()
    from private.directory d
    where d.kind = 'user' and d.key = old.id::text and p.org_id = d.org_id and p.id = old.id and p.status <> 'inactive';
    return null;
end
$$;

revoke execute on function private.on_user_deleted() from public, anon, authenticated, service_role;
