-- Gives a contact a name where none is known, or another in the place of p_instead_of; answers whether it did.
--
-- Locks: the contact.
create or replace function private.name_contact(
    p_org_id uuid, p_contact_id uuid, p_name text, p_now timestamptz, p_instead_of text default null
)
returns boolean
language plpgsql volatile security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    v_first constant text := left(split_part(p_name, ' ', 1), 100);
    v_last constant text := nullif(left(substr(p_name, length(split_part(p_name, ' ', 1)) + 2), 100), '');
begin
    update public.contacts c set first_name = v_first, last_name = v_last, updated_at = p_now
    where c.org_id = p_org_id and c.id = p_contact_id and p_name is not null
      and (c.first_name is null and c.last_name is null
           or concat_ws(' ', c.first_name, c.last_name) = p_instead_of and p_name <> p_instead_of);
    return found;
end
$$;

revoke execute on function private.name_contact(uuid, uuid, text, timestamptz, text)
    from public, anon, authenticated, service_role;
