-- A contact's name, else what there is instead, for a person to read.
create or replace function private.told_contact(p_contact public.contacts)
returns text
language sql immutable security invoker
set search_path = pg_catalog, pg_temp
as $$
    select coalesce(
        nullif(concat_ws(' ', p_contact.first_name, p_contact.last_name), ''), p_contact.phone, p_contact.email, 'Somebody');
$$;

revoke execute on function private.told_contact(public.contacts) from public, anon, authenticated, service_role;
grant execute on function private.told_contact(public.contacts) to authenticated;
