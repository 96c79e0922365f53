-- The contact of a call, held until commit, with the number to write to: made of the call's number where there was none.
--
-- Locks: the contact.
--
-- Raises 404 call_not_found, 409 contact_without_phone.
create or replace function private.called_person(p_org_id uuid, p_call_id uuid, p_now timestamptz)
returns public.contacts
language plpgsql volatile security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    v_call public.calls;
    v_contact public.contacts;
    v_contact_id uuid;
begin
    select * into v_call from public.calls c where c.org_id = p_org_id and c.id = p_call_id;
    if not found then
        perform private.fail('call_not_found');
    end if;
    v_contact_id := coalesce(
        v_call.contact_id, private.contact_of_number(p_org_id, v_call.phone_number, v_call.caller_name, p_now));
    select * into v_contact from public.contacts c where c.org_id = p_org_id and c.id = v_contact_id for no key update;
    if v_contact.phone is null then
        perform private.fail('contact_without_phone');
    end if;
    return v_contact;
end
$$;

revoke execute on function private.called_person(uuid, uuid, timestamptz) from public, anon, authenticated, service_role;
