-- The contact with a telephone number, made when there is none; NULL for a caller without a number. Asked for by two calls
-- at the same moment it is one contact. A name is kept where none was known.
--
-- Locks: the contact.
create or replace function private.contact_of_number(p_org_id uuid, p_phone text, p_name text, p_now timestamptz)
returns uuid
language plpgsql volatile security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    v_phone constant text := private.contact_phone(p_phone);
    v_name constant text := private.person_name(p_name);
    v_id uuid;
begin
    if v_phone is null then
        return null;
    end if;
    insert into public.contacts as c (org_id, phone, created_at, updated_at)
    values (p_org_id, v_phone, p_now, p_now)
    on conflict on constraint contacts_phone do nothing
    returning c.id into v_id;
    if found then
        perform private.emit_event(p_org_id, 'contact.created', jsonb_build_object('contact_id', v_id));
    else
        select c.id into strict v_id from public.contacts c where c.org_id = p_org_id and c.phone = v_phone;
    end if;
    perform private.name_contact(p_org_id, v_id, v_name, p_now);
    return v_id;
end
$$;

revoke execute on function private.contact_of_number(uuid, text, text, timestamptz)
    from public, anon, authenticated, service_role;
